"""Addresses of researchers."""

from django.urls import path

from profiles import views

app_name = "profiles"

urlpatterns = [
    path("about/trust/", views.about_trust, name="about_trust"),
    path("following/", views.following, name="following"),
    path("authors/<slug:handle>/", views.profile, name="profile"),
    path("authors/<slug:handle>/topics/", views.topics, name="topics"),
    path("authors/<slug:handle>/collaborators/", views.collaborators, name="collaborators"),
    path("authors/<slug:handle>/followers/", views.followers, name="followers"),
    path("authors/<slug:handle>/trust/", views.trust, name="trust"),
    path("authors/<slug:handle>/trust.json", views.trust_json, name="trust_json"),
    path("authors/<slug:handle>/viewer/", views.viewer, name="viewer"),
    path("authors/<slug:handle>/follow/", views.follow, name="follow"),
]
