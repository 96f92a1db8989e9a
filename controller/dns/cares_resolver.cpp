#include "dns/cares_resolver.h"

#include <ares.h>
#include <arpa/nameser.h>

#include <system_error>
#include <utility>

#include "base/ascii.h"
#include "base/await.h"
#include "dns/answers.h"
#include "dns/query_loop.h"
#include "dns/server_address.h"

namespace splitdelivery::dns {
namespace {

base::Result<std::string> serversForChannel(const std::vector<std::string>& servers) {
  std::string list;
  for (const std::string& server : servers) {
    const auto address = parseServerAddress(server);
    if (!address) return base::fail(address.error());
    if (!list.empty()) list += ',';
    list += address->text();
  }
  return list;
}

template <class Record>
Answer<Record> failed(int status) {
  return {.outcome = Outcome::Failed, .failure = failureOf(status)};
}

/// c-ares ends a name at a NUL, and takes an empty one for the root.
bool canBeAsked(const std::string& name) {
  return !name.empty() && name.find('\0') == std::string::npos;
}

/// Knows the inbox and not the resolver, which may be gone when the answer comes.
template <class Record>
base::Task<Answer<Record>> ask(base::Executor& executor, std::shared_ptr<Inbox> inbox, std::string name, int type,
                               Answer<Record> (*read)(int, Message), std::stop_token stop) {
  if (stop.stop_requested()) co_return failed<Record>(ARES_ECANCELLED);
  if (name.ends_with('.')) name.pop_back();
  if (!canBeAsked(name)) co_return failed<Record>(ARES_EBADNAME);

  base::Deferred<Answer<Record>> answered(executor);
  const auto id =
      inbox->put({.name = base::lowered(name), .type = type, .answered = [answered, read](int status, Message message) {
                    answered.resolve(read(status, message));
                  }});
  if (id == 0) co_return failed<Record>(ARES_ECANCELLED);
  std::stop_callback onStop(stop, [answered, inbox, id] {
    answered.resolve(failed<Record>(ARES_ECANCELLED));
    inbox->forget(id);
  });
  Answer<Record> answer = co_await answered;
  co_return answer;
}

}  // namespace

base::Result<std::unique_ptr<CaresResolver>> CaresResolver::open(base::Executor& executor,
                                                                 const ResolverOptions& options) {
  // Counts its calls; on Linux there is nothing to clean up.
  static const int library = ares_library_init(ARES_LIB_INIT_ALL);
  auto servers = serversForChannel(options.servers);
  if (!servers) return base::fail(servers.error());
  try {
    if (library != ARES_SUCCESS) throw std::system_error(std::make_error_code(std::errc::not_enough_memory));
    auto inbox = std::make_shared<Inbox>();
    QueryLoop::Settings settings{.servers = *std::move(servers), .timeout = options.timeout, .tries = options.tries};
    std::thread thread([inbox, settings = std::move(settings)] { QueryLoop(inbox, settings).run(); });
    return std::unique_ptr<CaresResolver>(new CaresResolver(executor, std::move(inbox), std::move(thread)));
  } catch (const std::system_error& error) {
    return base::fail(base::ErrorKind::Retry, "InternalError",
                      std::string("there is no thread for DNS: ") + error.code().message());
  }
}

CaresResolver::CaresResolver(base::Executor& executor, std::shared_ptr<Inbox> inbox, std::thread thread)
    : executor_(executor), inbox_(std::move(inbox)), thread_(std::move(thread)) {}

CaresResolver::~CaresResolver() {
  inbox_->close();
  thread_.join();
}

base::Task<Answer<MxRecord>> CaresResolver::mx(std::string name, std::stop_token stop) {
  return ask<MxRecord>(executor_, inbox_, std::move(name), ns_t_mx, &readMx, std::move(stop));
}

base::Task<Answer<std::string>> CaresResolver::txt(std::string name, std::stop_token stop) {
  return ask<std::string>(executor_, inbox_, std::move(name), ns_t_txt, &readTxt, std::move(stop));
}

}  // namespace splitdelivery::dns
