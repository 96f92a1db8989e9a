#pragma once

#include <mutex>

/// Clang's thread-safety analysis (-Wthread-safety) for the few places of this room that several
/// threads touch: the compiler refuses code that touches a guarded member without its mutex.
/// Elsewhere everything runs on the executor and needs no lock.
#ifdef __clang__
#define SPLITDELIVERY_ANNOTATION(x) __attribute__((x))
#else
#define SPLITDELIVERY_ANNOTATION(x)
#endif

#define GUARDED_BY(mutex) SPLITDELIVERY_ANNOTATION(guarded_by(mutex))
#define REQUIRES(...) SPLITDELIVERY_ANNOTATION(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) SPLITDELIVERY_ANNOTATION(locks_excluded(__VA_ARGS__))

namespace splitdelivery::http {

/// std::mutex, known to the analysis (libstdc++'s own is not annotated).
class SPLITDELIVERY_ANNOTATION(capability("mutex")) Mutex {
 public:
  void lock() SPLITDELIVERY_ANNOTATION(acquire_capability()) { mutex_.lock(); }
  void unlock() SPLITDELIVERY_ANNOTATION(release_capability()) { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

/// Holds a Mutex for a scope.
class SPLITDELIVERY_ANNOTATION(scoped_lockable) Lock {
 public:
  explicit Lock(Mutex& mutex) SPLITDELIVERY_ANNOTATION(acquire_capability(mutex)) : mutex_(mutex) { mutex_.lock(); }
  ~Lock() SPLITDELIVERY_ANNOTATION(release_capability()) { mutex_.unlock(); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace splitdelivery::http
