"""Addresses of what is taken away and of what machines read."""

from django.urls import path, re_path

from exports import feeds, sitemaps, views
from exports.api import pages
from exports.oai import views as oai

app_name = "exports"

ARXIV_ID = r"(?P<arxiv_id>[a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})"
WORD = r"(?P<word>[a-z-]+)"

urlpatterns = [
    path("api/", pages.about_api, name="about_api"),
    path("api/keys/", pages.api_keys, name="api_keys"),
    path("api/keys/<int:pk>/revoke/", pages.revoke_api_key, name="revoke_api_key"),
    path("oai/", oai.answer, name="oai"),
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemap_index"),
    path("sitemaps/<slug:kind>-<int:number>.xml.gz", sitemaps.sitemap, name="sitemap"),
    path("following/feed/<str:token>/", feeds.followed_feed, name="followed_feed"),
    path("works/feed/", feeds.found_feed, name="found_feed"),
    path("authors/<slug:handle>/feed/", feeds.author_feed, name="author_feed"),
    re_path(r"^topics/(?P<code>[A-Za-z0-9.-]+)/feed/$", feeds.topic_feed, name="topic_feed"),
    path("works/export/<slug:word>/", views.export_found, name="found"),
    re_path(rf"^works/{ARXIV_ID}/export/{WORD}/$", views.export_work, name="work"),
    re_path(rf"^works/{ARXIV_ID}/cite/$", views.cite, name="cite"),
    re_path(rf"^works/{ARXIV_ID}/json-ld/$", views.work_json_ld, name="work_json_ld"),
    path("authors/<slug:handle>/export/<slug:word>/", views.export_author, name="author"),
    path("authors/<slug:handle>/json-ld/", views.author_json_ld, name="author_json_ld"),
    re_path(rf"^topics/(?P<code>[A-Za-z0-9.-]+)/export/{WORD}/$", views.export_topic, name="topic"),
]
