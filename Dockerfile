# Referent alone: one static binary. Ollama runs in a container of its own (compose.yaml).
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /referent ./cmd/referent \
    && mkdir -p /data && chown 65532:65532 /data

# busybox and not scratch: the health check needs an HTTP client.
FROM busybox:1.37-musl
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /referent /referent
# A new volume takes the owner of the folder that it covers.
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
ENV REFERENT_DATA=/data HOME=/tmp
EXPOSE 8080
ENTRYPOINT ["/referent"]
CMD ["serve"]
