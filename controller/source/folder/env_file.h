#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace splitdelivery::source::folder {

/// One variable of a .env file. The value may be a secret: never printed.
struct EnvVariable {
  std::string name;
  std::string value;
  std::size_t line = 0;
};

/// A .env file, read.
struct EnvFile {
  std::vector<EnvVariable> variables{};  ///< each name once, the last one counts, as everywhere
  std::vector<std::string> notes{};      ///< "line 3: …" about what may not be as meant, never with a value
};

/// Reads a .env file as python-dotenv and docker do where they agree, and says so where they do not:
/// comments, `export`, blanks around `=`, values in quotes (over several lines too, with backslashes in
/// them), CR LF. Nothing is expanded. A line that is none of that is noted and passed over.
[[nodiscard]] EnvFile readEnvFile(std::string_view text);

}  // namespace splitdelivery::source::folder
