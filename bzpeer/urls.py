"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path, re_path

from bzpeer.pages import views as pages
from exports.api.operations import api, no_such_path

admin.site.site_header = admin.site.site_title = "BZPEER curation"
admin.site.index_title = "What there is to look after"

urlpatterns = [
    path("", pages.home, name="home"),
    path("healthz", pages.healthz, name="healthz"),
    path("robots.txt", pages.robots, name="robots"),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("graph/", include("graph.urls")),
    path("api/v1/", api.urls),
    re_path(r"^api/v1/", no_such_path),
    path("", include("exports.urls")),
    path("", include("search.urls")),
    path("", include("profiles.urls")),
    path("", include("claims.urls")),
    path("", include("works.urls")),
]

handler400 = "bzpeer.pages.views.bad_request"
handler403 = "bzpeer.pages.views.forbidden"
handler404 = "bzpeer.pages.views.not_found"
handler500 = "bzpeer.pages.views.server_error"
