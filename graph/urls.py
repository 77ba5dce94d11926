"""Addresses of the research graph."""

from django.urls import path

from graph import views

app_name = "graph"

urlpatterns = [
    path("", views.explorer, name="explorer"),
    path("slice/<slug:handle>/", views.slice_fragment, name="slice"),
]
