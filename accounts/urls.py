"""Addresses of a member's data, beside those of django-allauth."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("data/", views.data, name="account_data"),
    path("data/export/", views.export, name="account_export"),
    path("data/export/<int:pk>/", views.download, name="account_download"),
    path("delete/", views.delete, name="account_delete"),
]
