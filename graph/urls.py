"""Addresses of the research graph."""

from django.urls import path, re_path

from graph import views

app_name = "graph"

urlpatterns = [
    path("", views.explorer, name="explorer"),
    path("path/", views.path, name="path"),
    re_path(r"^export\.(?P<form>json|graphml|svg)$", views.export, name="export"),
    path("slice/<slug:handle>/", views.slice_fragment, name="slice"),
]
