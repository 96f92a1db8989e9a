#include "http/channel.h"

#include <chrono>
#include <utility>

namespace splitdelivery::http {

namespace {

/// cpprestsdk's time-out starts anew at each read; ours covers everything, so its own is put out of
/// the way.
constexpr std::chrono::hours kNoTimeout{24};

web::http::client::http_client_config configuration(const Origin& origin,
                                                    std::shared_ptr<const TrustedCertificates> trusted,
                                                    std::shared_ptr<const ClientCertificate> identity,
                                                    const std::shared_ptr<WireWatch>& wire) {
  web::http::client::http_client_config config;
  config.set_timeout(kNoTimeout);
  config.set_max_redirects(0);
  config.set_validate_certificates(true);
  config.set_ssl_context_callback(
      [origin, trusted = std::move(trusted), identity = std::move(identity), wire](boost::asio::ssl::context& context) {
        prepareTls(context.native_handle(), origin, *trusted, *identity, wire);
      });
  return config;
}

}  // namespace

Channel::Channel(const Origin& origin, std::shared_ptr<const TrustedCertificates> trusted,
                 std::shared_ptr<const ClientCertificate> identity)
    : client(web::uri(origin.text()), configuration(origin, std::move(trusted), std::move(identity), wire)) {}

}  // namespace splitdelivery::http
