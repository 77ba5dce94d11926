"""Addresses of researchers."""

from django.urls import path, re_path

from profiles import institution_views, topic_views, views

app_name = "profiles"

urlpatterns = [
    path("about/trust/", views.about_trust, name="about_trust"),
    path("following/", views.following, name="following"),
    re_path(r"^topics/(?P<code>[A-Za-z0-9.-]+)/viewer/$", topic_views.topic_viewer, name="topic_viewer"),
    re_path(r"^topics/(?P<code>[A-Za-z0-9.-]+)/follow/$", topic_views.topic_follow, name="topic_follow"),
    path("institutions/<slug:key>/", institution_views.institution, name="institution"),
    path("institutions/<slug:key>/works/", institution_views.institution_works, name="institution_works"),
    path("authors/<slug:handle>/", views.profile, name="profile"),
    path("authors/<slug:handle>/topics/", views.topics, name="topics"),
    path("authors/<slug:handle>/collaborators/", views.collaborators, name="collaborators"),
    path("authors/<slug:handle>/followers/", views.followers, name="followers"),
    path("authors/<slug:handle>/trust/", views.trust, name="trust"),
    path("authors/<slug:handle>/trust.json", views.trust_json, name="trust_json"),
    re_path(
        r"^authors/(?P<handle>[-a-zA-Z0-9_]+)/why/(?P<arxiv_id>[a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})/$",
        views.why,
        name="why",
    ),
    path("authors/<slug:handle>/identity/", views.identity, name="identity"),
    path("authors/<slug:handle>/viewer/", views.viewer, name="viewer"),
    path("authors/<slug:handle>/follow/", views.follow, name="follow"),
]
