# The site's image: web, worker, beat and migrate are the same image with another command (docker-compose.yml).
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BZPEER_STATIC_ROOT=/srv/static
WORKDIR /srv/bzpeer

# Before the code, so that a change of the code does not install everything again. PIP_INDEX_URL is for mirrors.
ARG PIP_INDEX_URL
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements/base.txt

COPY . .
# What pages fetch from npm's packages; the Node.js that brought it is not kept.
RUN python requirements/browser.py && rm -rf var/node
# The settings want addresses, but nothing connects to them here.
RUN SECRET_KEY=only-while-the-image-is-built-so-that-settings-can-be-read-00000000 \
    DATABASE_URL=postgres://nobody@127.0.0.1/nothing REDIS_URL=redis://127.0.0.1/0 \
    python manage.py collectstatic --no-input

RUN useradd --system --home-dir /var/lib/bzpeer --create-home bzpeer && python -m compileall -q .
USER bzpeer
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--workers", "2", "--blocking-threads", "4", "--no-ws", "--workers-kill-timeout", "10", "bzpeer.wsgi:application"]
