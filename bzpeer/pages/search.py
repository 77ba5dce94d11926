def search_people_and_works(q): return None
