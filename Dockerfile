# Not yet tried: no container engine was at hand when this was written.
FROM python:3.11-slim

WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e . \
    && useradd --system --create-home dondoc \
    && install -d -o dondoc var

USER dondoc
CMD ["dondoc", "worker"]
