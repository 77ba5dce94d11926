"""Addresses of works and topics."""

from django.urls import re_path

from works import views

app_name = "works"

urlpatterns = [
    re_path(
        r"^works/(?P<arxiv_id>(?:[a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})(?:v\d{1,3})?)/$", views.work, name="work"
    ),
    re_path(
        r"^(?:abs|pdf)/(?P<arxiv_id>[a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})(?:v\d{1,3})?(?:\.pdf)?/?$",
        views.abstract_page,
        name="abstract_page",
    ),
    re_path(r"^topics/(?P<code>[A-Za-z0-9.-]+)/$", views.topic, name="topic"),
]
