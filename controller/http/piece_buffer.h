#pragma once

#include <cpprest/astreambuf.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace splitdelivery::http {

/// A stream buffer without a buffer: what cpprestsdk puts into it goes on at once, piece by piece.
///
/// Write only; nothing is kept, so an answer that lasts for minutes costs no memory. `take` is called
/// on the library's threads, one piece after the other.
class PieceBuffer final : public concurrency::streams::details::streambuf_state_manager<std::uint8_t> {
 public:
  using Take = std::function<void(std::string)>;

  explicit PieceBuffer(Take take) : streambuf_state_manager(std::ios_base::out), take_(std::move(take)) {}

  [[nodiscard]] bool can_seek() const override { return false; }
  [[nodiscard]] bool has_size() const override { return false; }
  [[nodiscard]] std::size_t buffer_size(std::ios_base::openmode /*direction*/) const override { return 0; }
  void set_buffer_size(std::size_t /*size*/, std::ios_base::openmode /*direction*/) override {}
  [[nodiscard]] std::size_t in_avail() const override { return 0; }
  [[nodiscard]] pos_type getpos(std::ios_base::openmode /*direction*/) const override { return nowhere(); }
  pos_type seekpos(pos_type /*position*/, std::ios_base::openmode /*direction*/) override { return nowhere(); }
  pos_type seekoff(off_type /*offset*/, std::ios_base::seekdir /*way*/, std::ios_base::openmode /*mode*/) override {
    return nowhere();
  }
  bool acquire(std::uint8_t*& bytes, std::size_t& count) override {
    bytes = nullptr;
    count = 0;
    return false;
  }
  void release(std::uint8_t* /*bytes*/, std::size_t /*count*/) override {}

 protected:
  pplx::task<std::size_t> _putn(const std::uint8_t* bytes, std::size_t count) override {
    take_(std::string(bytes, bytes + count));
    return pplx::task_from_result(count);
  }
  pplx::task<std::size_t> _putn(const std::uint8_t* bytes, std::size_t count, bool /*copy*/) override {
    return _putn(bytes, count);
  }
  pplx::task<int_type> _putc(std::uint8_t byte) override {
    take_(std::string(1, static_cast<char>(byte)));
    return pplx::task_from_result<int_type>(byte);
  }
  pplx::task<bool> _sync() override { return pplx::task_from_result(true); }
  std::uint8_t* _alloc(std::size_t /*count*/) override { return nullptr; }
  void _commit(std::size_t /*count*/) override {}

  // Nobody reads from it.
  pplx::task<int_type> _bumpc() override { return pplx::task_from_result(end()); }
  int_type _sbumpc() override { return end(); }
  pplx::task<int_type> _getc() override { return pplx::task_from_result(end()); }
  int_type _sgetc() override { return end(); }
  pplx::task<int_type> _nextc() override { return pplx::task_from_result(end()); }
  pplx::task<int_type> _ungetc() override { return pplx::task_from_result(end()); }
  pplx::task<std::size_t> _getn(std::uint8_t* /*bytes*/, std::size_t /*count*/) override {
    return pplx::task_from_result(std::size_t{0});
  }
  std::size_t _scopy(std::uint8_t* /*bytes*/, std::size_t /*count*/) override { return 0; }

 private:
  [[nodiscard]] static pos_type nowhere() { return static_cast<pos_type>(traits::eof()); }
  [[nodiscard]] static int_type end() { return traits::eof(); }

  Take take_;
};

}  // namespace splitdelivery::http
