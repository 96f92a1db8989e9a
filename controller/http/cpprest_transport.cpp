#include "http/cpprest_transport.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "http/channel.h"
#include "http/exchange.h"
#include "http/origin.h"
#include "http/tls.h"
#include "http/transport_error.h"

namespace splitdelivery::http {

namespace {

bool isPrintable(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

/// The first header that would break the request apart; nothing when all are sound.
std::optional<base::Error> brokenHeader(const Request& request) {
  if (!isPrintable(request.authorization.reveal())) return transport_error::invalidHeader("Authorization");
  if (!isPrintable(request.contentType)) return transport_error::invalidHeader("Content-Type");
  for (const auto& [name, value] : request.headers) {
    if (!isPrintable(name) || !isPrintable(value)) return transport_error::invalidHeader(name);
  }
  return std::nullopt;
}

/// Nothing when cpprestsdk finds that the path is not one.
std::optional<web::http::http_request> toLibrary(const Request& request, const std::string& userAgent) {
  web::http::http_request library(request.method);
  try {
    library.set_request_uri(web::uri(request.path));
  } catch (const web::uri_exception&) {
    return std::nullopt;
  }
  auto& headers = library.headers();
  headers.add("User-Agent", userAgent);
  if (!request.authorization.empty()) headers.add("Authorization", request.authorization.reveal());
  for (const auto& [name, value] : request.headers) headers.add(name, value);
  if (!request.body.empty()) {
    // As bytes: set_body(std::string) reads the string's buffer through a type that it does not have.
    std::vector<std::uint8_t> body(request.body.begin(), request.body.end());
    const auto size = body.size();
    library.set_body(concurrency::streams::bytestream::open_istream(std::move(body)), size,
                     request.contentType.empty() ? "application/octet-stream" : request.contentType);
  }
  return library;
}

}  // namespace

/// Shared with the coroutines under way, which may end after the transport.
struct CpprestTransport::State {
  State(base::Executor& on, TransportOptions with)
      : executor(on),
        userAgent(with.userAgent.empty() ? "splitdelivery" : std::move(with.userAgent)),
        trusted(std::make_shared<TrustedCertificates>(with.caBundle, with.caBundleAlone && !with.caBundle.empty()
                                                                         ? TrustedCertificates::System::NotTrusted
                                                                         : TrustedCertificates::System::Trusted)),
        identity(std::make_shared<ClientCertificate>(with.clientCertificate, with.clientKey)) {}

  static base::Task<base::Result<Response>> send(std::shared_ptr<State> state, Request request, std::stop_token stop);
  [[nodiscard]] std::optional<base::Error> refusal(const Request& request, const std::optional<Origin>& origin) const;
  struct Entry {
    std::unique_ptr<Channel> channel;  ///< kept alive, or new
    std::shared_ptr<Exchange> exchange;
  };
  /// Nothing when the transport is gone.
  std::optional<Entry> enter(const Request& request, const Origin& origin) EXCLUDES(mutex);
  void leave(const std::shared_ptr<Exchange>& exchange, const Origin& origin, std::unique_ptr<Channel> reusable)
      EXCLUDES(mutex);
  void close() EXCLUDES(mutex);

  base::Executor& executor;
  const std::string userAgent;
  const std::shared_ptr<const TrustedCertificates> trusted;
  const std::shared_ptr<const ClientCertificate> identity;

  Mutex mutex;
  bool closed GUARDED_BY(mutex) = false;
  std::map<std::string, std::vector<std::unique_ptr<Channel>>> idle GUARDED_BY(mutex);  ///< by origin, last used last
  std::set<std::shared_ptr<Exchange>> underWay GUARDED_BY(mutex);
};

std::optional<base::Error> CpprestTransport::State::refusal(const Request& request,
                                                            const std::optional<Origin>& origin) const {
  if (!origin) return transport_error::invalidAddress();
  if (!origin->tls && !origin->loopback()) return transport_error::plainHttp(origin->place());
  if (origin->tls && !trusted->readable()) return transport_error::unreadableCaBundle(origin->place());
  if (origin->tls && !identity->readable()) return transport_error::unreadableClientCertificate(origin->place());
  if (!request.path.starts_with('/')) return transport_error::invalidPath(origin->place());
  return brokenHeader(request);
}

base::Task<base::Result<Response>> CpprestTransport::State::send(std::shared_ptr<State> state, Request request,
                                                                 std::stop_token stop) {
  const auto origin = parseOrigin(request.origin);
  if (auto refused = state->refusal(request, origin)) co_return base::fail(std::move(*refused));
  const std::string place = origin->place();
  if (stop.stop_requested()) co_return base::fail(transport_error::stopped(place));
  if (request.deadline <= std::chrono::milliseconds{0}) co_return base::fail(transport_error::noTimeLeft(place));

  auto library = toLibrary(request, state->userAgent);
  if (!library) co_return base::fail(transport_error::invalidPath(place));
  auto entry = state->enter(request, *origin);
  if (!entry) co_return base::fail(transport_error::stopped(place));
  const auto exchange = entry->exchange;

  const pplx::cancellation_token_source cancel;
  exchange->start(*entry->channel, *library, cancel.get_token());
  const auto timer =
      state->executor.runAt(state->executor.now() + request.deadline, [exchange] { exchange->timeOut(); });
  const std::stop_callback onStop(stop, [exchange] { exchange->stop(); });

  auto outcome = co_await exchange->answer();
  state->executor.cancel(timer);
  exchange->endStream();
  // Only a connection whose exchange went well to its end is used again.
  if (!outcome) {
    cancel.cancel();
    entry->channel.reset();
  }
  state->leave(exchange, *origin, std::move(entry->channel));
  co_return outcome;
}

std::optional<CpprestTransport::State::Entry> CpprestTransport::State::enter(const Request& request,
                                                                             const Origin& origin) {
  const Lock lock(mutex);
  if (closed) return std::nullopt;
  Entry entry;
  auto& channels = idle[origin.text()];
  if (channels.empty()) {
    entry.channel = std::make_unique<Channel>(origin, trusted, identity);
  } else {
    entry.channel = std::move(channels.back());
    channels.pop_back();
  }
  entry.exchange = std::make_shared<Exchange>(executor, request, origin.place(), entry.channel->wire);
  underWay.insert(entry.exchange);
  return entry;
}

void CpprestTransport::State::leave(const std::shared_ptr<Exchange>& exchange, const Origin& origin,
                                    std::unique_ptr<Channel> reusable) {
  const Lock lock(mutex);
  underWay.erase(exchange);
  if (reusable && !closed) idle[origin.text()].push_back(std::move(reusable));
}

void CpprestTransport::State::close() {
  std::set<std::shared_ptr<Exchange>> unfinished;
  {
    const Lock lock(mutex);
    closed = true;
    idle.clear();
    unfinished.swap(underWay);
  }
  for (const auto& exchange : unfinished) exchange->stop();
}

CpprestTransport::CpprestTransport(base::Executor& executor, TransportOptions options)
    : state_(std::make_shared<State>(executor, std::move(options))) {}

CpprestTransport::~CpprestTransport() {
  state_->close();
}

base::Task<base::Result<Response>> CpprestTransport::send(Request request, std::stop_token stop) {
  return State::send(state_, std::move(request), std::move(stop));
}

}  // namespace splitdelivery::http
