"""Pages offer their other forms: by content negotiation, and in `Link` headers (FAIR Signposting)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.cache import patch_vary_headers

from exports.addresses import absolute, media_types
from exports.negotiation import preferred_type

# The pages that have other forms, with what they are about.
SCHEMA_TYPES = {
    "works:work": "https://schema.org/ScholarlyArticle",
    "profiles:profile": "https://schema.org/ProfilePage",
}
ARXIV_ABSTRACT = "https://arxiv.org/abs/"


class SeeOther(HttpResponseRedirect):
    """What was asked for has an address of its own."""

    status_code = 303


class OtherFormsMiddleware:
    """Leads a client that prefers another form of a page to it (303), and names all of them in the page's answer.

    A redirect and not the form itself, so that each form has one address and one representation. It stands here and
    not in the views, so that these know nothing of forms.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and add the links to what comes back."""
        response = self.get_response(request)
        match = request.resolver_match
        if match and match.view_name in SCHEMA_TYPES:
            patch_vary_headers(response, ["Accept"])
            if response.status_code == 200:
                response["Link"] = ", ".join(links(match.view_name, request.path, match.kwargs))
        return response

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: list[str],
        view_kwargs: dict[str, str],
    ) -> HttpResponse | None:
        """Redirect to the form that the client prefers to HTML, if there is one."""
        match = request.resolver_match
        if match is None or match.view_name not in SCHEMA_TYPES or request.method not in {"GET", "HEAD"}:
            return None
        types = media_types()
        wanted = preferred_type(request.headers.get("Accept", ""), types)
        if wanted is None:
            return None
        query = request.META["QUERY_STRING"]
        address = f"{request.path}{types[wanted]}"
        return SeeOther(f"{address}?{query}" if query else address)


def links(view_name: str, path: str, arguments: dict[str, str]) -> list[str]:
    """Return the signposts of a page: what it is, how to cite it, and its descriptions for machines."""
    signposts = [
        f'<{absolute(path)}{ending}>; rel="describedby"; type="{media_type}"'
        for media_type, ending in media_types().items()
    ]
    signposts.append(f'<{SCHEMA_TYPES[view_name]}>; rel="type"')
    if view_name == "works:work":
        signposts.append('<https://schema.org/AboutPage>; rel="type"')
        signposts.append(f'<{ARXIV_ABSTRACT}{arguments["arxiv_id"]}>; rel="cite-as"')
    return signposts
