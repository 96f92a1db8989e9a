// Includes go one way: every #include between rooms must stand in the table of ARCHITECTURE.md.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace splitdelivery {
namespace {

namespace fs = std::filesystem;
const fs::path kSource = SPLITDELIVERY_SOURCE_DIR;

std::string read(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> words(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
    found.push_back((*match)[1]);
  }
  return found;
}

struct Room {
  std::set<std::string> rooms;
  std::set<std::string> libraries;
};

/// The rows of the table: | `room/` | what it holds | rooms | libraries |
std::map<std::string, Room> table() {
  std::map<std::string, Room> rooms;
  std::istringstream lines(read(kSource / "ARCHITECTURE.md"));
  const std::regex row(R"(^\| `(\w+)/` \|[^|]*\|([^|]*)\|([^|]*)\|$)");
  const std::regex word(R"(`([\w./+-]+?)/?`)");
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, row)) continue;
    const auto uses = words(match[2], word);
    const auto libraries = words(match[3], word);
    rooms[match[1]] = {{uses.begin(), uses.end()}, {libraries.begin(), libraries.end()}};
  }
  return rooms;
}

/// Which library a header in angle brackets belongs to; "" for the standard library and the system.
std::string libraryOf(const std::string& header) {
  static const std::vector<std::pair<std::string, std::string>> kPrefixes{
      {"spdlog/", "spdlog"},          {"tl/", "tl-expected"},    {"openssl/", "openssl"},
      {"cpprest/", "cpprestsdk"},     {"pplx/", "cpprestsdk"},   {"boost/", "boost"},
      {"nlohmann/", "nlohmann-json"}, {"yaml-cpp/", "yaml-cpp"}, {"CLI/", "CLI11"},
      {"idn2.h", "libidn2"},          {"ares", "c-ares"},        {"prometheus/", "prometheus-cpp"}};
  for (const auto& [prefix, library] : kPrefixes) {
    if (header.starts_with(prefix)) return library;
  }
  return "";
}

std::vector<fs::path> sourcesOf(const std::string& room) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(kSource / "controller" / room)) {
    const auto extension = entry.path().extension();
    if (extension == ".h" || extension == ".cpp") files.push_back(entry.path());
  }
  return files;
}

TEST(TheRoomTable, NamesEveryFolderOfTheController) {
  std::set<std::string> folders;
  for (const auto& entry : fs::directory_iterator(kSource / "controller")) {
    if (entry.is_directory()) folders.insert(entry.path().filename());
  }
  std::set<std::string> rooms;
  for (const auto& [room, row] : table()) rooms.insert(room);
  EXPECT_EQ(rooms, folders);
}

TEST(Includes, GoOnlyWhereTheRoomTableSays) {
  const std::regex own(R"re(#include "(\w+)/[^"]+")re");
  const std::regex other(R"(#include <([^>]+)>)");
  for (const auto& [room, row] : table()) {
    for (const fs::path& file : sourcesOf(room)) {
      const std::string text = read(file);
      for (const std::string& used : words(text, own)) {
        EXPECT_TRUE(used == room || row.rooms.contains(used)) << file << " includes " << used;
      }
      for (const std::string& header : words(text, other)) {
        const std::string library = libraryOf(header);
        const bool everyones = library == "tl-expected" || library == "spdlog";
        EXPECT_TRUE(library.empty() || everyones || row.libraries.contains(library))
            << file << " includes <" << header << ">";
      }
    }
  }
}

TEST(Includes, OfAdaptersNeverCross) {
  for (const auto& entry : fs::directory_iterator(kSource / "controller" / "mailserver")) {
    if (!entry.is_directory()) continue;
    for (const auto& other : fs::directory_iterator(kSource / "controller" / "mailserver")) {
      if (!other.is_directory() || other == entry) continue;
      const std::string forbidden = "mailserver/" + other.path().filename().string() + "/";
      for (const fs::path& file : sourcesOf("mailserver/" + entry.path().filename().string())) {
        EXPECT_EQ(read(file).find(forbidden), std::string::npos) << file;
      }
    }
  }
}

TEST(TheRoomTable, HasNoCycle) {
  auto rooms = table();
  // Takes away rooms that use nothing which is left, until none is left.
  while (!rooms.empty()) {
    const auto free = std::find_if(rooms.begin(), rooms.end(), [&](const auto& entry) {
      return std::none_of(entry.second.rooms.begin(), entry.second.rooms.end(),
                          [&](const std::string& used) { return rooms.contains(used); });
    });
    ASSERT_NE(free, rooms.end()) << "a cycle among " << rooms.size() << " rooms";
    rooms.erase(free);
  }
}

TEST(S6, OnlyTheWriteGateCallsTheWritesOfAForwarderStore) {
  const std::regex call(R"((?:\.|->)(create|replace|remove|setLocalDelivery)\((?:domain_|domain|\w+\.spec\.domain),)");
  for (const auto& [room, row] : table()) {
    for (const fs::path& file : sourcesOf(room)) {
      if (file.filename() == "write_gate.cpp") continue;
      EXPECT_FALSE(std::regex_search(read(file), call)) << file << " writes past the gate";
    }
  }
  EXPECT_TRUE(std::regex_search(read(kSource / "controller/reconcile/write_gate.cpp"), call)) << "the pattern is stale";
}

TEST(EveryReason, StandsInTheDocumentation) {
  const std::regex born(R"re(ErrorKind::\w+,\s*"([A-Z]\w+)")re");
  const std::regex named(R"re(inline constexpr std::string_view k\w+ = "([A-Z]\w+)";)re");
  const std::regex judged(R"re(ConditionStatus::\w+,\s*"([A-Z]\w+)")re");
  const std::regex worded(R"re(::\w+, "([A-Z]\w+)"(?:\}|,))re");
  const std::regex told(R"re((?:EventType::\w+, |reason = )"([A-Z]\w+)")re");
  const std::string page = read(kSource / "docs" / "status.md");
  const auto expectOn = [&](const fs::path& file, const std::regex& pattern) {
    for (const std::string& reason : words(read(file), pattern)) {
      EXPECT_NE(page.find("`" + reason + "`"), std::string::npos) << reason << " of " << file;
    }
  };
  for (const auto& [room, row] : table()) {
    for (const fs::path& file : sourcesOf(room)) expectOn(file, born);
  }
  expectOn(kSource / "controller/zoho/answer.h", named);
  expectOn(kSource / "controller/http/transport.h", named);
  expectOn(kSource / "controller/reconcile/verdict.cpp", judged);
  expectOn(kSource / "controller/plan/words.h", worded);
  expectOn(kSource / "controller/cli/event_teller.cpp", told);
}

TEST(Secrets, AreRevealedOnlyWhereARequestIsMadeOrARecordKept) {
  std::map<std::string, int> found;
  for (const auto& [room, row] : table()) {
    for (const fs::path& file : sourcesOf(room)) {
      if (read(file).find("reveal()") != std::string::npos) ++found[room];
    }
  }
  // A new place is looked at by a person, who then names its room here.
  for (const auto& [room, count] : found) {
    EXPECT_THAT(room, ::testing::AnyOf("base", "http", "kube", "zoho", "mailserver", "source", "reconcile")) << count;
  }
}

}  // namespace
}  // namespace splitdelivery
