#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/executor.h"

namespace splitdelivery::base {

enum class LogLevel { Debug, Info, Warn, Error, Off };

enum class LogFormat {
  Text,  ///< 2026-11-24T10:00:00.123Z WARN  message name=value
  Json,  ///< one object a line: ts, level, msg, then the fields
};

/// What an event is about: a resource, a pass, a count.
struct LogField {
  std::string_view name;
  std::string value;
};

/// Sets the process's logger up: to standard error, one line an event.
void setUpLogging(LogLevel level, LogFormat format);

/// "debug", "info", "warn", "error", "off"; anything else is Off.
[[nodiscard]] LogLevel logLevelFrom(std::string_view text);

/// Whether an event of this level would be seen: for those that cost something to put into words.
[[nodiscard]] bool logs(LogLevel level);

/// One event, one line. Never a secret, never a remote body, never an e-mail address above Debug.
void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

/// The line that `log` writes, without its end. Line breaks and quotes in values cannot break out of
/// it; bytes that are not UTF-8 are replaced in JSON.
[[nodiscard]] std::string logLine(LogFormat format, WallTime at, LogLevel level, std::string_view message,
                                  std::initializer_list<LogField> fields);

}  // namespace splitdelivery::base
