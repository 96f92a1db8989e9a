#pragma once

#include <cpprest/http_client.h>

#include <memory>

#include "http/origin.h"
#include "http/tls.h"
#include "http/wire_watch.h"

namespace splitdelivery::http {

/// A way to one origin, used by one request at a time: an http_client with a connection of its own,
/// kept alive between requests.
///
/// Why not one client for all requests to an origin: so that what OpenSSL tells (WireWatch) belongs
/// to one request, and so that a connection which may still hold the rest of a broken answer is
/// thrown away with its channel, and never gives that rest to the next request.
struct Channel {
  Channel(const Origin& origin, std::shared_ptr<const TrustedCertificates> trusted,
          std::shared_ptr<const ClientCertificate> identity);

  std::shared_ptr<WireWatch> wire = std::make_shared<WireWatch>();
  web::http::client::http_client client;
};

}  // namespace splitdelivery::http
