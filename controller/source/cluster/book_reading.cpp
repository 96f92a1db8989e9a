#include "source/cluster/book_reading.h"

#include "source/book_json.h"
#include "source/cluster/resource_types.h"

namespace splitdelivery::source::cluster {
namespace {

using base::ErrorKind;
using base::fail;
using base::Result;

tl::unexpected<base::Error> unreadable(const api::ObjectKey& key) {
  return fail(ErrorKind::Retry, "BookUnreadable",
              "the AddressBook " + key.text() +
                  " is damaged or half written: the controller writes it anew in its next pass, so ask for one");
}

}  // namespace

base::Task<Result<std::string>> wholeText(kube::Client& client, api::ObjectKey key, Head head, std::stop_token stop) {
  std::string text = std::move(head.data);
  for (const std::string& name : head.slices) {
    auto slice = co_await client.get(kBooks, key.ns, name, stop);
    if (!slice && slice.error().reason != kube::reason::kNotFound) co_return fail(std::move(slice).error());
    const auto data = slice ? sliceFrom(key.name, *slice) : std::nullopt;
    if (!data) co_return std::string();
    text += *data;
  }
  co_return text;
}

base::Task<Result<std::optional<api::AddressBook>>> readBook(kube::Client& client, api::ObjectKey key,
                                                             std::stop_token stop) {
  constexpr int kTries = 3;
  for (int tries = 0; tries < kTries; ++tries) {
    auto object = co_await client.get(kBooks, key.ns, key.name, stop);
    if (!object) {
      if (object.error().reason == kube::reason::kNotFound) co_return std::nullopt;
      co_return fail(std::move(object).error());
    }
    Head head = headFrom(key, *object);
    if (!head.ours || head.announced) co_return std::nullopt;
    if (head.damaged) break;
    auto text = co_await wholeText(client, key, std::move(head), stop);
    if (!text) co_return fail(std::move(text).error());
    if (text->empty()) continue;
    auto decoded = decodeBook(*text);
    if (decoded) co_return std::move(decoded->book);
    if (decoded.error() == BookFault::Damaged) break;
    co_return fail(ErrorKind::Stall, "BookTooNew",
                   "a newer version of splitdelivery wrote the AddressBook " + key.text() +
                       ": use the kubectl-sdd of that version");
  }
  co_return unreadable(key);
}

}  // namespace splitdelivery::source::cluster
