#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace splitdelivery::base {
namespace {

LogFormat& chosenFormat() {
  static LogFormat format = LogFormat::Text;
  return format;
}

spdlog::level::level_enum toSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::Debug:
      return spdlog::level::debug;
    case LogLevel::Info:
      return spdlog::level::info;
    case LogLevel::Warn:
      return spdlog::level::warn;
    case LogLevel::Error:
      return spdlog::level::err;
    case LogLevel::Off:
      break;
  }
  return spdlog::level::off;
}

struct LevelName {
  LogLevel level;
  std::string_view lower;
  std::string_view padded;
};

constexpr auto kLevels = std::to_array<LevelName>({{LogLevel::Debug, "debug", "DEBUG"},
                                                   {LogLevel::Info, "info", "INFO "},
                                                   {LogLevel::Warn, "warn", "WARN "},
                                                   {LogLevel::Error, "error", "ERROR"},
                                                   {LogLevel::Off, "off", "OFF  "}});

const LevelName& nameOf(LogLevel level) {
  for (const LevelName& name : kLevels) {
    if (name.level == level) return name;
  }
  return kLevels.back();
}

std::string timestamp(WallTime at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(at - day));
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text.data();
}

/// Length of the UTF-8 sequence that begins at `at`; 0: none does.
std::size_t sequenceAt(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char first = byte(0);
  std::size_t length = 0;
  if (first < 0x80) {
    length = 1;
  } else if (first >= 0xC2 && first < 0xE0) {
    length = 2;
  } else if (first >= 0xE0 && first < 0xF0) {
    length = 3;
  } else if (first >= 0xF0 && first < 0xF5) {
    length = 4;
  }
  if (length == 0 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  return length;
}

/// In double quotes, by the rules of JSON.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequenceAt(text, at);
    const auto c = static_cast<unsigned char>(text[at]);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (c == '"' || c == '\\') {
      out += {'\\', text[at]};
    } else if (c < 0x20 || c == 0x7F) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04x", c);
      out += escape.data();
    } else {
      out += text.substr(at, length);
    }
    at += std::max<std::size_t>(length, 1);
  }
  return out + "\"";
}

bool isPlain(std::string_view text) {
  return !text.empty() && text.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "._-+/:@%,") == std::string_view::npos;
}

/// A message is ours and reads as it is, but for what would end or begin a line.
std::string oneLine(std::string_view message) {
  std::string line(message);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return line;
}

}  // namespace

std::string logLine(LogFormat format, WallTime at, LogLevel level, std::string_view message,
                    std::initializer_list<LogField> fields) {
  const LevelName& name = nameOf(level);
  if (format == LogFormat::Text) {
    std::string line = timestamp(at) + " " + std::string(name.padded) + " " + oneLine(message);
    for (const LogField& field : fields) {
      line += " " + std::string(field.name) + "=" + (isPlain(field.value) ? field.value : quoted(field.value));
    }
    return line;
  }
  std::string line =
      R"({"ts":")" + timestamp(at) + R"(","level":")" + std::string(name.lower) + R"(","msg":)" + quoted(message);
  for (const LogField& field : fields) line += "," + quoted(field.name) + ":" + quoted(field.value);
  return line + "}";
}

void setUpLogging(LogLevel level, LogFormat format) {
  auto logger = std::make_shared<spdlog::logger>("splitdelivery", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%v");
  logger->set_level(toSpdlog(level));
  spdlog::set_default_logger(std::move(logger));
  chosenFormat() = format;
}

LogLevel logLevelFrom(std::string_view text) {
  for (const LevelName& name : kLevels) {
    if (name.lower == text) return name.level;
  }
  return LogLevel::Off;
}

bool logs(LogLevel level) {
  return spdlog::should_log(toSpdlog(level));
}

void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  if (!logs(level)) return;
  const auto line = logLine(chosenFormat(), std::chrono::system_clock::now(), level, message, fields);
  spdlog::log(toSpdlog(level), "{}", line);
}

}  // namespace splitdelivery::base
