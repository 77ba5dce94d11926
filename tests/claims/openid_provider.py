"""A small OpenID provider on this machine: discovery, authorisation code with PKCE, signed tokens, userinfo."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "bzpeer-tests"
SECRET = "a secret of tests"


class Provider(ThreadingHTTPServer):
    """Signs whoever asks in as `person`; codes are used once and need the PKCE verifier."""

    daemon_threads = True

    def __init__(self, person: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.person = person
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()
        self.refused: list[str] = []

    def settings(self) -> dict[str, Any]:
        app = {
            "provider_id": "orcid",
            "name": "ORCID",
            "client_id": CLIENT_ID,
            "secret": SECRET,
            "settings": {"server_url": self.url, "scope": ["openid"]},
        }
        return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        path, url = urlsplit(self.path).path, self.server.url
        if path == "/.well-known/openid-configuration":
            endpoints = {name: f"{url}/{name.partition('_')[0]}" for name in ("authorization_endpoint",)}
            self.answer(
                {
                    **endpoints,
                    "issuer": url,
                    "token_endpoint": f"{url}/token",
                    "userinfo_endpoint": f"{url}/userinfo",
                    "jwks_uri": f"{url}/jwks",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif path == "/authorization":
            self.authorize({name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()})
        elif path == "/userinfo" and self.headers.get("Authorization", "")[7:] in self.server.tokens:
            self.answer(self.server.person)
        else:
            self.answer({"error": "not_found"}, 404)

    def authorize(self, asked: dict[str, str]) -> None:
        code = secrets.token_urlsafe(16)
        self.server.codes[code] = asked
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")
        self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self.server.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("client_secret") != SECRET or not verifies(asked, form):
            self.server.refused.append(body)
            self.answer({"error": "invalid_grant"}, 400)
            return
        token = secrets.token_urlsafe(16)
        self.server.tokens.add(token)
        self.answer({"access_token": token, "token_type": "bearer", "id_token": self.id_token()})

    def id_token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.server.url, "aud": CLIENT_ID, "iat": now, "exp": now + 600, **self.server.person}
        return jwt.encode(claims, self.server.key, algorithm="RS256", headers={"kid": "one"})

    def answer(self, value: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


def verifies(asked: dict[str, str], form: dict[str, str]) -> bool:
    """Whether the PKCE verifier is the one whose digest was sent first."""
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked.get("code_challenge")


@contextmanager
def serve_openid(**person: Any) -> Iterator[Provider]:
    """Serve a provider that signs this person in."""
    provider = Provider(person)
    threading.Thread(target=provider.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield provider
    finally:
        provider.shutdown()
        provider.server_close()
