#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/account_record.h"
#include "api/address_book.h"
#include "api/resource.h"
#include "base/result.h"
#include "base/task.h"

/// The ports that yield resources and keep what we know about them. A folder implements them (folder/), and a
/// cluster (cluster/).
namespace splitdelivery::source {

/// Something that stands between a person and their resource: a file that is no YAML, a document
/// with a wrong field.
struct DocumentError {
  std::string where;    ///< "mail.yaml, document 2 (SplitDeliveryDomain default/example-com)"
  std::string message;  ///< one line: field path, what is wrong, the fix
};

/// Everything that was there at one moment.
struct Snapshot {
  std::vector<api::SplitDeliveryDomain> resources;  ///< sorted by key, valid, each key once
  std::map<api::ObjectKey, api::SecretObject> secrets;
  std::vector<DocumentError> errors;
};

/// What has changed since the last time it was asked.
struct Changes {
  std::vector<api::SplitDeliveryDomain> resources;  ///< new ones, and those that may have changed; each key once
  std::vector<api::ObjectKey> gone;
  std::vector<api::SecretObject> secrets;  ///< likewise
  std::vector<api::ObjectKey> secretsGone;

  [[nodiscard]] bool empty() const {
    return resources.empty() && gone.empty() && secrets.empty() && secretsGone.empty();
  }
};

/// What an address book was found to be.
struct StoredBook {
  api::AddressBook book;
  /// Not empty: the stored one was unreadable and was set aside (where to); `book` is empty, which
  /// deletes nothing.
  std::string setAside{};
};

/// An address book that no resource has: its document is gone or cannot be read (S14).
struct Orphan {
  std::string name;         ///< "namespace/name", or its file's name where that was shortened
  std::string domain;       ///< empty: it never wrote
  std::size_t managed = 0;  ///< forwarders that we made and that are still there

  friend bool operator==(const Orphan&, const Orphan&) = default;
};

/// Keeps address books. A save that returned is on the disk and is what the next load gives; one
/// that failed left the older one whole.
class BookStore {
 public:
  BookStore() = default;
  BookStore(const BookStore&) = delete;
  BookStore& operator=(const BookStore&) = delete;
  virtual ~BookStore() = default;

  /// Error: Stall, "BookTooNew" for one that a newer version wrote; Retry, "StateUnreadable".
  virtual base::Task<base::Result<StoredBook>> load(api::ObjectKey key) = 0;
  /// Error: Retry, "StateNotWritable" (full disk, read-only, permissions), naming the file.
  virtual base::Task<base::Result<base::Done>> save(api::ObjectKey key, api::AddressBook book) = 0;
  /// The books of nobody in `known` that own something, sorted by name. Best effort: a folder that
  /// cannot be read has none.
  virtual base::Task<std::vector<Orphan>> orphans(std::vector<api::ObjectKey> known) = 0;
};

/// An address book by its name.
struct NamedBook {
  api::ObjectKey key;
  std::optional<api::Identity> identity;  ///< none: it never wrote
  std::size_t managed = 0;                ///< forwarders that we made and that are still there

  friend bool operator==(const NamedBook&, const NamedBook&) = default;
};

/// Tells which address books there are.
class BookList {
 public:
  BookList() = default;
  BookList(const BookList&) = delete;
  BookList& operator=(const BookList&) = delete;
  virtual ~BookList() = default;

  /// All that can be read, empty ones too, sorted by key. Best effort, as `BookStore::orphans`; a book whose name is
  /// too long for that of a file is left out.
  virtual base::Task<std::vector<NamedBook>> list() = 0;
};

/// Keeps the status of each resource, as its YAML would carry it.
class StatusStore {
 public:
  StatusStore() = default;
  StatusStore(const StatusStore&) = delete;
  StatusStore& operator=(const StatusStore&) = delete;
  virtual ~StatusStore() = default;

  /// The last one written; an empty one when there is none or it cannot be read.
  virtual base::Task<api::Status> load(api::ObjectKey key) = 0;
  virtual base::Task<base::Result<base::Done>> save(api::ObjectKey key, api::Status status) = 0;
};

/// What keeps a deleted resource from vanishing until its departure is done (S14): a finalizer.
class Finalizers {
 public:
  Finalizers() = default;
  Finalizers(const Finalizers&) = delete;
  Finalizers& operator=(const Finalizers&) = delete;
  virtual ~Finalizers() = default;

  /// Forgets the resource's book and lets it go. Error: Retry; it is still there.
  virtual base::Task<base::Result<base::Done>> release(api::ObjectKey key) = 0;
};

}  // namespace splitdelivery::source
