#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kube/client.h"
#include "source/cluster/book_object.h"
#include "source/cluster/domains.h"
#include "source/source.h"

namespace splitdelivery::source::cluster {

/// Address books as AddressBook objects beside their resources, written by nobody else.
///
/// A book that was read or written is kept, packed; a save names the version that it replaces, so whatever somebody
/// else did to the object meanwhile (deleted, edited, emptied) makes the save fail before anything is changed outside,
/// and the next load reads it anew. What is gone or unreadable then owns nothing: its forwarders are `found`.
/// The first save of a book puts the finalizers on (S14). Lives on the executor.
class Books final : public BookStore, public Finalizers {
 public:
  /// Both outlive this.
  Books(kube::Client& client, Domains& domains) : client_(client), domains_(domains) {}

  /// Error: Stall, "BookTooNew", "BookNameTaken"; the API server's.
  base::Task<base::Result<StoredBook>> load(api::ObjectKey key) override;
  /// Replaces what was loaded or saved last. After a failure every further save fails likewise until it was loaded
  /// again. Error: Retry "BookChanged" when somebody else has changed it, Refuse "ResourceGone"; the API server's.
  base::Task<base::Result<base::Done>> save(api::ObjectKey key, api::AddressBook book) override;
  /// None: a book keeps its finalizer for as long as its resource is there, and goes with it.
  base::Task<std::vector<Orphan>> orphans(std::vector<api::ObjectKey> known) override;
  /// Removes the book with its slices, then lets the resource go.
  base::Task<base::Result<base::Done>> release(api::ObjectKey key) override;

  /// It went: a book that is still there, since somebody took the finalizer off the resource, goes too.
  base::Task<base::Done> resourceIsGone(api::ObjectKey key);

  /// Nothing that was kept is relied on any more: another replica may have written since.
  void forgetAll() {
    kept_.clear();
    failed_.clear();
  }

 private:
  struct Kept {
    std::string version{};  ///< resourceVersion; empty: there is no object
    std::string packed{};   ///< empty: there is no book, or none that can be read
    std::vector<std::string> slices{};
    std::vector<std::string> strays{};  ///< slices that may be there too
  };
  /// As it lies in the API server.
  struct Fetched {
    std::string version{};  ///< as above
    std::string encoded{};
    bool announced = false;  ///< there is no book yet
    std::vector<std::string> slices{};
    std::vector<std::string> strays{};
  };

  base::Task<base::Result<Fetched>> fetch(api::ObjectKey key);
  [[nodiscard]] static base::Result<Kept> read(const api::ObjectKey& key, Fetched fetched);
  base::Task<base::Result<base::Done>> write(api::ObjectKey key, api::AddressBook book);
  base::Task<base::Result<Kept>> announce(api::ObjectKey key, Kept before, std::vector<std::string> strays);
  base::Task<base::Result<Kept>> writeSlices(api::ObjectKey key, Kept before, std::vector<Slice> slices);
  base::Task<base::Result<base::Done>> writeSlice(api::ObjectKey key, Slice slice, bool isKnown);
  base::Task<std::vector<std::string>> removeStrays(api::ObjectKey key, std::vector<std::string> strays);
  base::Task<base::Result<base::Done>> removeSlice(api::ObjectKey key, std::string name);
  base::Task<base::Result<base::Done>> removeObject(std::string ns, std::string name);
  base::Task<base::Done> abandon(api::ObjectKey key);

  kube::Client& client_;
  Domains& domains_;
  std::map<api::ObjectKey, Kept> kept_;
  std::map<api::ObjectKey, base::Error> failed_;  ///< of a save, until the book was loaded again
};

}  // namespace splitdelivery::source::cluster
