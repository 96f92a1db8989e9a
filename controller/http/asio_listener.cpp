#include "http/asio_listener.h"

#include <pplx/threadpool.h>
#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <future>
#include <map>
#include <utility>

#include "http/inbound_connection.h"
#include "http/listen_address.h"
#include "http/thread_annotations.h"

namespace splitdelivery::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// Before accepting again after it has failed (no descriptor left).
constexpr std::chrono::milliseconds kAcceptPause{100};

std::string fixOf(const error_code& error) {
  if (error == asio::error::address_in_use) return "another program listens there; stop it or choose another port";
  if (error == asio::error::access_denied) {
    return "this process may not use ports below 1024; choose a port from 1024 on";
  }
  if (error == boost::system::errc::address_not_available) {
    return "no interface of this machine has that address; :PORT listens on every one";
  }
  return "the system refused it (" + error.message() + ")";
}

error_code bindTo(asio::ip::tcp::acceptor& acceptor, const ListenAddress& address) {
  error_code error;
  const auto unless = [&error](auto step) {
    if (!error) step();
  };
  acceptor.open(address.endpoint.protocol(), error);
  unless([&] { acceptor.set_option(asio::socket_base::reuse_address(true), error); });
  if (address.everyInterface) unless([&] { acceptor.set_option(asio::ip::v6_only(false), error); });
  unless([&] { acceptor.bind(address.endpoint, error); });
  unless([&] { acceptor.listen(asio::socket_base::max_listen_connections, error); });
  return error;
}

}  // namespace

/// Shared with what the pool and the executor still hold when the listener goes. Everything happens on the pool's one
/// thread, construction and the end apart.
class AsioListener::Service : public std::enable_shared_from_this<Service> {
 public:
  Service(base::Executor& executor, asio::io_service& pool, Handler handler, ListenerOptions options)
      : executor_(executor),
        pool_(pool),
        handler_(std::move(handler)),
        options_(options),
        acceptor_(pool),
        pause_(pool) {}

  error_code bind(ListenAddress address) {
    forThisMachine_ = address.endpoint.address().is_loopback();
    error_code error = bindTo(acceptor_, address);
    if (error && address.everyInterface && error != asio::error::address_in_use) {
      acceptor_ = asio::ip::tcp::acceptor(pool_);
      address = {asio::ip::tcp::endpoint(asio::ip::tcp::v4(), address.endpoint.port()), false};
      error = bindTo(acceptor_, address);  // a machine without IPv6
    }
    return error;
  }
  [[nodiscard]] std::string address() const { return formatEndpoint(acceptor_.local_endpoint()); }

  void accept();
  /// Accepts no more, and waits for what is under way where that is possible.
  void shutDown();

 private:
  void admit(asio::ip::tcp::socket socket);
  void dropIdlest();
  void ask(IncomingRequest request, InboundConnection::Reply reply);
  static base::Task<OutgoingAnswer> answer(std::shared_ptr<Service> self, IncomingRequest request);
  void close();
  void dropAll();
  void forget(std::uint64_t id) EXCLUDES(mutex_);

  base::Executor& executor_;
  asio::io_service& pool_;
  Handler handler_;
  ListenerOptions options_;
  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::map<std::uint64_t, std::shared_ptr<InboundConnection>> connections_;
  std::uint64_t lastId_ = 0;
  std::size_t underWay_ = 0;
  bool closing_ = false;
  bool forThisMachine_ = false;

  Mutex mutex_;
  std::condition_variable_any changed_;
  bool empty_ GUARDED_BY(mutex_) = false;  ///< closing, and nobody is connected any more
};

void AsioListener::Service::accept() {
  acceptor_.async_accept([self = shared_from_this()](const error_code& error, asio::ip::tcp::socket socket) {
    if (self->closing_) return;
    if (!error) {
      self->admit(std::move(socket));
      return self->accept();
    }
    self->dropIdlest();
    self->pause_.expires_after(kAcceptPause);
    self->pause_.async_wait([self](const error_code&) {
      if (!self->closing_) self->accept();
    });
  });
}

void AsioListener::Service::admit(asio::ip::tcp::socket socket) {
  if (connections_.size() >= options_.connections) dropIdlest();
  if (connections_.size() >= options_.connections) return;
  const std::uint64_t id = ++lastId_;
  InboundConnection::Hooks hooks{
      .ask =
          [weak = weak_from_this()](IncomingRequest request, InboundConnection::Reply reply) {
            if (const auto self = weak.lock()) self->ask(std::move(request), std::move(reply));
          },
      .ended =
          [weak = weak_from_this(), id] {
            if (const auto self = weak.lock()) self->forget(id);
          }};
  const auto connection =
      std::make_shared<InboundConnection>(std::move(socket), options_.patience, forThisMachine_, std::move(hooks));
  connections_.emplace(id, connection);
  connection->start();
}

void AsioListener::Service::dropIdlest() {
  std::shared_ptr<InboundConnection> idlest;
  for (const auto& [id, connection] : connections_) {
    if (connection->idle() && (!idlest || connection->idleSince() < idlest->idleSince())) idlest = connection;
  }
  if (idlest) idlest->drop();
}

void AsioListener::Service::ask(IncomingRequest request, InboundConnection::Reply reply) {
  if (underWay_ >= options_.requests) return reply({.status = 503, .body = "too many requests at a time\n"});
  ++underWay_;
  const std::string path = request.path;
  base::spawn(executor_, answer(shared_from_this(), std::move(request)),
              [self = shared_from_this(), path, reply = std::move(reply)](const std::exception_ptr& failure,
                                                                          std::optional<OutgoingAnswer> answer) {
                if (failure) {
                  spdlog::error("answering {} failed: a bug, please report it", path);
                  answer = OutgoingAnswer{.status = 500, .body = "internal error\n"};
                }
                asio::post(self->pool_, [self, reply, answer = std::move(*answer)]() mutable {
                  --self->underWay_;
                  reply(std::move(answer));
                });
              });
}

base::Task<OutgoingAnswer> AsioListener::Service::answer(std::shared_ptr<Service> self, IncomingRequest request) {
  co_return co_await self->handler_(std::move(request));
}

void AsioListener::Service::forget(std::uint64_t id) {
  connections_.erase(id);
  if (!closing_ || !connections_.empty()) return;
  const Lock lock(mutex_);
  empty_ = true;
  changed_.notify_all();
}

void AsioListener::Service::close() {
  closing_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  const auto all = connections_;  // each that ends takes itself out
  for (const auto& [id, connection] : all) connection->finish();
  forget(0);
}

void AsioListener::Service::dropAll() {
  const auto all = connections_;  // each that ends takes itself out
  for (const auto& [id, connection] : all) connection->drop();
}

void AsioListener::Service::shutDown() {
  if (pool_.get_executor().running_in_this_thread()) {
    close();  // to wait here would be to wait for oneself
    return dropAll();
  }
  asio::post(pool_, [self = shared_from_this()] { self->close(); });
  {
    const Lock lock(mutex_);
    const auto until = std::chrono::steady_clock::now() + options_.drain;
    while (!empty_ && changed_.wait_until(mutex_, until) != std::cv_status::timeout) {
    }
  }
  std::promise<void> dropped;
  auto reached = dropped.get_future();
  asio::post(pool_, [self = shared_from_this(), dropped = std::move(dropped)]() mutable {
    self->dropAll();
    dropped.set_value();
  });
  reached.wait();
}

AsioListener::AsioListener(std::shared_ptr<Service> service, std::string address)
    : service_(std::move(service)), address_(std::move(address)) {}

AsioListener::~AsioListener() {
  try {
    service_->shutDown();
  } catch (...) {
    std::terminate();  // a mutex that cannot be locked: nothing can be put right here
  }
}

base::Result<std::unique_ptr<Listener>> AsioListener::open(base::Executor& executor, std::string hostPort,
                                                           Handler handler, ListenerOptions options) {
  const auto refuse = [&hostPort](const std::string& why) {
    return base::fail(base::ErrorKind::Stall, "ListenFailed", "cannot listen at \"" + hostPort + "\": " + why);
  };
  const auto address = parseListenAddress(hostPort);
  if (!address) return refuse("it must be HOST:PORT with numbers, as in 127.0.0.1:8080, [::1]:8080 or :8080");
  auto& pool = crossplat::threadpool::shared_instance().service();
  const auto service = std::make_shared<Service>(executor, pool, std::move(handler), options);
  if (const error_code error = service->bind(*address)) return refuse(fixOf(error));
  const std::string real = service->address();
  asio::post(pool, [service] { service->accept(); });
  return std::unique_ptr<Listener>(new AsioListener(service, real));
}

}  // namespace splitdelivery::http
