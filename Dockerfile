# The container image: the binary, the shared libraries that it loads, certificate authorities, package records for
# scanners; no shell. docs/docker.md says how to build and run it.
#
# BINARY: `build` compiles it here, which takes minutes. `prebuilt` takes build/release/splitdelivery, as `make build` made
# it on Debian 12, so that a test of the image need not compile it a second time.
ARG BINARY=build
# Debian 12, for a mirror of yours or a digest. It builds, and the libraries are from it; the image is FROM scratch.
ARG BASE=docker.io/library/debian:bookworm-slim

FROM ${BASE} AS build
WORKDIR /src
COPY cmake/install-build-deps.sh cmake/
RUN cmake/install-build-deps.sh
COPY CMakeLists.txt CMakePresets.json ./
COPY cmake cmake
COPY controller controller
RUN cmake --preset release -DSPLITDELIVERY_TESTS=OFF \
    && cmake --build --preset release --target splitdelivery \
    && strip build/release/splitdelivery

FROM scratch AS prebuilt
COPY build/release/splitdelivery /src/build/release/splitdelivery

FROM ${BINARY} AS binary

FROM ${BASE} AS root
# Those that the binary is linked with; theirs come along. What of them it loads is copied, nothing else.
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ca-certificates libc-ares2 \
       libcpprest2.10 libidn2-0 libjemalloc2 libprometheus-cpp-core1.0 libspdlog1.10 libssl3 libyaml-cpp0.7 >/dev/null
COPY LICENSE /src/
COPY deploy/image/make_root.sh /src/deploy/image/
COPY --from=binary /src/build/release/splitdelivery /src/
RUN /src/deploy/image/make_root.sh /src/splitdelivery /image

FROM scratch
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="splitdelivery" \
      org.opencontainers.image.description="E-mail split delivery: one domain over two mail systems" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=root /image/ /
ENV PATH=/usr/bin
USER 65532:65532
ENTRYPOINT ["/usr/bin/splitdelivery"]
