"""Addresses of searching and browsing."""

from django.urls import path

from search import views

app_name = "search"

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/suggestions/", views.suggestions, name="suggestions"),
    path("authors/", views.authors, name="authors"),
    path("topics/", views.topics, name="topics"),
    path("works/", views.added, name="added"),
]
