#include "source/cluster/books.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "source/book_json.h"
#include "source/cluster/book_reading.h"
#include "source/cluster/resource_types.h"
#include "source/packed_book.h"

namespace splitdelivery::source::cluster {
namespace {

using base::Done;
using base::Error;
using base::ErrorKind;
using base::fail;
using base::Result;

std::string nameOf(const api::ObjectKey& key) {
  return "AddressBook " + key.text();
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

bool isReason(const Error& error, std::string_view reason) {
  return error.reason == reason;
}

tl::unexpected<Error> changed(const api::ObjectKey& key) {
  return fail(ErrorKind::Retry, "BookChanged",
              "somebody else has changed the " + nameOf(key) + ", which is ours alone to write: it is read again");
}

/// A write of the head that names another version than the one that is there.
tl::unexpected<Error> refused(const api::ObjectKey& key, Error error) {
  for (const auto reason : {kube::reason::kNotFound, kube::reason::kConflict, kube::reason::kAlreadyExists}) {
    if (isReason(error, reason)) return changed(key);
  }
  return fail(std::move(error));
}

tl::unexpected<Error> nameTaken(const api::ObjectKey& book) {
  return fail(ErrorKind::Stall, "BookNameTaken",
              "the " + nameOf(book) + " belongs to another resource: give this one another name");
}

tl::unexpected<Error> gone(const api::ObjectKey& key) {
  return fail(ErrorKind::Refuse, "ResourceGone",
              "the resource " + key.text() + " is gone, without its departure: nothing more is done for it");
}

}  // namespace

base::Task<Result<Books::Fetched>> Books::fetch(api::ObjectKey key) {
  auto object = co_await client_.get(kBooks, key.ns, key.name, {});
  if (!object) {
    if (isReason(object.error(), kube::reason::kNotFound)) co_return Fetched{};
    co_return fail(std::move(object).error());
  }
  const Metadata about = metadataOf(*object);
  Head head = headFrom(key, *object);
  if (!head.ours) {
    co_return nameTaken(key);
  }
  if (about.deleted && !domains_.isLeaving(key)) {
    // Somebody deleted it while its resource stays: what it said counts no more.
    for (const std::string& slice : head.everySlice()) {
      if (auto removed = co_await removeSlice(key, slice); !removed) co_return fail(std::move(removed).error());
    }
    if (auto removed = co_await removeObject(key.ns, key.name); !removed) co_return fail(std::move(removed).error());
    base::log(base::LogLevel::Warn, "the address book was deleted: what was made before now counts as found",
              {{"resource", key.text()}});
    co_return Fetched{};
  }
  Fetched fetched{.version = about.version, .announced = head.announced, .slices = head.slices};
  // Before the next version names more of them.
  fetched.strays = co_await removeStrays(key, head.strays);
  if (head.announced) co_return fetched;
  auto text = co_await wholeText(client_, key, std::move(head), {});
  if (!text) co_return fail(std::move(text).error());
  fetched.encoded = std::move(*text);
  co_return fetched;
}

Result<Books::Kept> Books::read(const api::ObjectKey& key, Fetched fetched) {
  Kept kept{
      .version = std::move(fetched.version), .slices = std::move(fetched.slices), .strays = std::move(fetched.strays)};
  if (kept.version.empty()) return kept;
  if (fetched.announced) {
    kept.packed = packBook({});
    return kept;
  }
  auto decoded = decodeBook(fetched.encoded);
  if (!decoded && decoded.error() == BookFault::TooNew) {
    return fail(ErrorKind::Stall, "BookTooNew",
                "a newer version of splitdelivery wrote the " + nameOf(key) + ": run that version or a later one");
  }
  if (!decoded) return kept;
  if (decoded->dropped > 0) {
    base::log(base::LogLevel::Warn, "entries of the ledger cannot be relied on; their forwarders count as found",
              {{"resource", key.text()}, {"entries", std::to_string(decoded->dropped)}});
  }
  kept.packed = packBook(decoded->book);
  return kept;
}

base::Task<Result<StoredBook>> Books::load(api::ObjectKey key) {
  auto known = kept_.find(key);
  if (known == kept_.end()) {
    auto fetched = co_await fetch(key);
    if (!fetched) co_return fail(std::move(fetched).error());
    auto kept = read(key, std::move(*fetched));
    if (!kept) co_return fail(std::move(kept).error());
    known = kept_.insert_or_assign(key, std::move(*kept)).first;
    failed_.erase(key);
  }
  if (known->second.version.empty()) co_return StoredBook{};
  if (known->second.packed.empty()) co_return StoredBook{{}, nameOf(key) + ", which is written anew"};
  co_return StoredBook{unpackBook(known->second.packed), {}};
}

base::Task<Result<Done>> Books::writeSlice(api::ObjectKey key, Slice slice, bool isKnown) {
  auto made = co_await client_.create(kBooks, key.ns, sliceObject(key, slice), {}, kube::Answer::Metadata);
  if (made) co_return Done{};
  if (!isReason(made.error(), kube::reason::kAlreadyExists)) co_return fail(std::move(made).error());
  // The name tells the content: one that is there already is the same, unless it is another resource's book.
  if (isKnown) co_return Done{};
  auto there = co_await client_.get(kBooks, key.ns, slice.name, {});
  if (!there) co_return fail(std::move(there).error());
  if (!sliceFrom(key.name, *there)) co_return nameTaken({key.ns, slice.name});
  // One that was about to be removed.
  const Metadata about = metadataOf(*there);
  if (about.deleted) co_return changed(key);
  if (contains(about.finalizers, std::string(kFinalizer))) co_return Done{};
  auto held = co_await client_.patch(kBooks, key.ns, slice.name, "", kube::PatchType::Merge,
                                     {{"metadata", {{"finalizers", {kFinalizer}}, {"resourceVersion", about.version}}}},
                                     {}, kube::Answer::Metadata);
  if (!held) co_return fail(std::move(held).error());
  co_return Done{};
}

/// So that whoever removes the book finds them too, if the head that leads to them is never written.
base::Task<Result<Books::Kept>> Books::announce(api::ObjectKey key, Kept before, std::vector<std::string> strays) {
  const Json body = announcement(key, strays, before.version);
  auto announced = before.version.empty() ? co_await client_.create(kBooks, key.ns, body, {}, kube::Answer::Metadata)
                                          : co_await client_.patch(kBooks, key.ns, key.name, "", kube::PatchType::Merge,
                                                                   body, {}, kube::Answer::Metadata);
  if (!announced) {
    // As for the head below.
    auto there = co_await client_.get(kBooks, key.ns, key.name, {});
    if (there && headFrom(key, *there).strays == strays) announced = std::move(there);
  }
  if (!announced) co_return refused(key, std::move(announced).error());
  before.version = metadataOf(*announced).version;
  before.strays = std::move(strays);
  co_return before;
}

base::Task<Result<Books::Kept>> Books::writeSlices(api::ObjectKey key, Kept before, std::vector<Slice> slices) {
  std::vector<std::string> strays = before.strays;
  for (const Slice& slice : slices) {
    if (!contains(before.slices, slice.name) && !contains(strays, slice.name)) strays.push_back(slice.name);
  }
  if (strays.size() > before.strays.size()) {
    auto announced = co_await announce(key, std::move(before), std::move(strays));
    if (!announced) co_return fail(std::move(announced).error());
    before = std::move(*announced);
  }
  for (const Slice& slice : slices) {
    auto written = co_await writeSlice(key, slice, contains(before.slices, slice.name));
    if (!written) co_return fail(std::move(written).error());
  }
  co_return before;
}

base::Task<Result<Done>> Books::save(api::ObjectKey key, api::AddressBook book) {
  auto written = domains_.isThere(key) ? co_await write(key, std::move(book)) : Result<Done>(Done{});
  // Its finalizer was taken off by hand: a book that comes now would hold its namespace for ever.
  if (!domains_.isThere(key)) {
    co_await abandon(key);
    co_return gone(key);
  }
  if (!written) failed_.insert_or_assign(key, written.error());
  co_return written;
}

base::Task<Result<Done>> Books::write(api::ObjectKey key, api::AddressBook book) {
  // Taken out until it is written: after a failure nobody knows what is there, and what this pass believes of it must
  // not be written over what somebody else has made of it.
  auto known = kept_.extract(key);
  if (!known) {
    const auto earlier = failed_.find(key);
    if (earlier != failed_.end()) co_return fail(earlier->second);
    co_return changed(key);
  }
  Kept before = std::move(known.mapped());
  if (!domains_.isLeaving(key)) {
    if (auto held = co_await domains_.hold(key); !held) co_return held;
  }
  const std::string encoded = encodeBook(book);
  const std::vector<Slice> slices = slicesOf(key.name, encoded);
  auto ready = co_await writeSlices(key, std::move(before), slices);
  if (!ready) co_return fail(std::move(ready).error());
  before = std::move(*ready);
  Kept now{.packed = packBook(book)};
  for (const Slice& slice : slices) now.slices.push_back(slice.name);
  for (const auto* names : {&before.slices, &before.strays}) {
    std::ranges::copy_if(*names, std::back_inserter(now.strays),
                         [&now](const std::string& name) { return !contains(now.slices, name); });
  }
  const Json head = headObject(key, encoded, slices, now.strays, before.version);
  auto written = before.version.empty()
                     ? co_await client_.create(kBooks, key.ns, head, {}, kube::Answer::Metadata)
                     : co_await client_.replace(kBooks, key.ns, key.name, head, {}, kube::Answer::Metadata);
  if (!written) {
    // An answer may have been lost on the way, and the request sent a second time: then it is as we wanted it.
    auto there = co_await client_.get(kBooks, key.ns, key.name, {});
    if (there && there->value("record", Json()) == head.at("record")) written = std::move(there);
  }
  if (!written) co_return refused(key, std::move(written).error());
  now.version = metadataOf(*written).version;
  now.strays = co_await removeStrays(key, std::move(now.strays));
  kept_.insert_or_assign(key, std::move(now));
  co_return Done{};
}

/// Gives those that could not be removed: they harm nothing but their space, and are tried again.
base::Task<std::vector<std::string>> Books::removeStrays(api::ObjectKey key, std::vector<std::string> strays) {
  std::vector<std::string> left;
  for (const std::string& stray : strays) {
    if (auto removed = co_await removeSlice(key, stray); !removed) left.push_back(stray);
  }
  co_return left;
}

/// One that was announced alone may turn out to be another resource's book.
base::Task<Result<Done>> Books::removeSlice(api::ObjectKey key, std::string name) {
  auto there = co_await client_.get(kBooks, key.ns, name, {});
  if (!there && isReason(there.error(), kube::reason::kNotFound)) co_return Done{};
  if (!there) co_return fail(std::move(there).error());
  if (isAnothers(key.name, *there)) co_return Done{};
  co_return co_await removeObject(key.ns, name);
}

/// The finalizer first: without it the deletion is done at once, and with it never.
base::Task<Result<Done>> Books::removeObject(std::string ns, std::string name) {
  auto released = co_await client_.patch(kBooks, ns, name, "", kube::PatchType::Merge,
                                         {{"metadata", {{"finalizers", nullptr}}}}, {});
  if (!released && !isReason(released.error(), kube::reason::kNotFound)) co_return fail(std::move(released).error());
  auto removed = co_await client_.remove(kBooks, ns, name, {});
  if (!removed && !isReason(removed.error(), kube::reason::kNotFound)) co_return removed;
  co_return Done{};
}

base::Task<std::vector<Orphan>> Books::orphans(std::vector<api::ObjectKey> /*known*/) {
  co_return std::vector<Orphan>{};
}

base::Task<Result<Done>> Books::release(api::ObjectKey key) {
  kept_.erase(key);
  failed_.erase(key);
  auto object = co_await client_.get(kBooks, key.ns, key.name, {});
  if (!object && !isReason(object.error(), kube::reason::kNotFound)) co_return fail(std::move(object).error());
  if (object) {
    const Head head = headFrom(key, *object);
    if (head.ours) {
      for (const std::string& slice : head.everySlice()) {
        if (auto gone = co_await removeSlice(key, slice); !gone) co_return gone;
      }
      if (auto gone = co_await removeObject(key.ns, key.name); !gone) co_return gone;
    }
  }
  co_return co_await domains_.release(key);
}

base::Task<Done> Books::abandon(api::ObjectKey key) {
  kept_.erase(key);
  const auto object = co_await client_.get(kBooks, key.ns, key.name, {});
  if (!object && isReason(object.error(), kube::reason::kNotFound)) co_return Done{};
  const auto released = co_await release(key);
  base::log(base::LogLevel::Warn,
            released
                ? "a resource went without its departure, since its finalizer was taken off: its address book goes too"
                : "the address book of a resource that is gone could not be removed: take its finalizer off by hand",
            {{"resource", key.text()}, {"error", released ? "-" : released.error().message}});
  co_return Done{};
}

base::Task<Done> Books::resourceIsGone(api::ObjectKey key) {
  const auto known = kept_.extract(key);
  const bool failed = failed_.erase(key) > 0;
  if (failed || (known && !known.mapped().version.empty())) co_await abandon(key);
  co_return Done{};
}

}  // namespace splitdelivery::source::cluster
