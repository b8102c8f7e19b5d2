# The image that runs the site on Fly.io. The first stage installs the packages from uv.lock; its build tools
# stay out of the final image.
FROM python:3.12-slim AS build
ENV XDG_CACHE_HOME=/cache \
    UV_PYTHON_DOWNLOADS=never \
    UV_PYTHON=python3 \
    UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1
WORKDIR /app
RUN --mount=type=cache,target=/cache \
    python -m venv /opt/tool && \
    /opt/tool/bin/pip install uv
ENV PATH=$PATH:/opt/tool/bin
COPY pyproject.toml uv.lock ./
# Compiled now, because the running site cannot write here. Files that do not compile are not used as modules.
RUN --mount=type=cache,target=/cache \
    uv sync --locked --no-default-groups && \
    (.venv/bin/python -m compileall -q .venv || true)

FROM python:3.12-slim
# The site does not run as root.
RUN useradd --system --uid 999 --home-dir /app --create-home --skel /dev/null django
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=blog.production \
    ON_FLY_IO=1
COPY --from=build /app/.venv .venv
COPY --chown=django:django . .
USER 999
# Placeholders for variables that the settings require; the real values are never in the image.
RUN SECRET_KEY=build-only-0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ python site/manage.py collectstatic --noinput
# gunicorn listens on all addresses, at the port that the variable PORT names (see fly.toml).
CMD ["gunicorn", "--chdir", "site", "blog.wsgi", "--worker-class", "gthread", "--threads", "4", "--workers", "2", "--timeout", "20", "--graceful-timeout", "20"]
