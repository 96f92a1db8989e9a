#include "source/folder/env_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace splitdelivery::source::folder {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string valueOf(const std::string& line) {
  const auto file = readEnvFile(line);
  return file.variables.size() == 1 ? file.variables.front().value : "(" + std::to_string(file.variables.size()) + ")";
}

struct Row {
  const char* line;
  const char* value;
};

TEST(AnEnvLine, IsReadAsPythonDotenvReadsIt) {
  for (const auto& [line, value] : {Row{"A=b", "b"},
                                    Row{"A = b ", "b"},
                                    Row{"  export A=b", "b"},
                                    Row{"export\tA\t=\tb", "b"},
                                    Row{"A=", ""},
                                    Row{"A", "(0)"},
                                    Row{"A=b=c==", "b=c=="},
                                    Row{"A=b c", "b c"},
                                    Row{"A=b#c", "b#c"},
                                    Row{"A=b #c", "b"},
                                    Row{"A=#c", ""},
                                    Row{"A='b #c'", "b #c"},
                                    Row{"A=\"b #c\" # d", "b #c"},
                                    Row{"A=\"b\\\"c\\n\\\\\"", "b\"c\n\\"},
                                    Row{"A='b\\'c\\n'", "b'c\\n"},
                                    Row{"A=b'c", "b'c"},
                                    Row{"A='b\nc'", "b\nc"},
                                    Row{"A=b\r", "b"},
                                    Row{"A='b'\r", "b"},
                                    Row{"\xEF\xBB\xBF"
                                        "A=b",
                                        "b"},
                                    Row{"#A=b", "(0)"},
                                    Row{"1A=b", "(0)"},
                                    Row{"A-B=b", "(0)"},
                                    Row{"exportA=b", "b"},
                                    Row{"A='b", "(0)"},
                                    Row{"A=${B}", "${B}"}}) {
    EXPECT_EQ(valueOf(line), value) << line;
  }
}

TEST(AnEnvFile, KeepsEachNameOnceTheLastOne) {
  const auto file = readEnvFile("A=1\r\n\r\n# note\r\nB=2\r\nA=3\r\n");
  ASSERT_THAT(file.variables, SizeIs(2));
  EXPECT_EQ(file.variables[1].name, "A");
  EXPECT_EQ(file.variables[1].value, "3");
  EXPECT_EQ(file.variables[1].line, 5U);
  EXPECT_THAT(file.notes, ElementsAre("line 5: A stands in line 1 already; the later one counts"));
}

TEST(AnEnvFile, CountsTheLinesOfAValueInQuotes) {
  const auto file = readEnvFile("A='1\n2\n3'\nB=4\nno sign\n");
  ASSERT_THAT(file.variables, SizeIs(2));
  EXPECT_EQ(file.variables[0].line, 1U);
  EXPECT_EQ(file.variables[1].line, 4U);
  EXPECT_THAT(file.notes, ElementsAre(HasSubstr("line 5: ")));
}

TEST(AnEnvFile, SaysWhereItMayBeMisread) {
  EXPECT_THAT(readEnvFile("A=pass #word").notes, ElementsAre(HasSubstr("taken for a comment")));
  EXPECT_THAT(readEnvFile("A='pass' word").notes, ElementsAre(HasSubstr("behind the closing quote")));
  EXPECT_THAT(readEnvFile("A=\"pass\nB=1").notes, ElementsAre(HasSubstr("not closed")));
  EXPECT_THAT(readEnvFile("A=\"pass\nB=1").variables, SizeIs(1)) << "the next line is read all the same";
  EXPECT_THAT(readEnvFile("A=1\n\n# B\nC='2' # d\n").notes, IsEmpty());
}

TEST(AnEnvFile, NeverShowsAValueInItsNotes) {
  std::mt19937 random(3);
  const std::vector<std::string> values{"s3cr3t",         "'s3cr3t",         "\"s3cr3t",
                                        "s3cr3t #s3cr3t", "'s3cr3t' s3cr3t", "${s3cr3t}"};
  const std::vector<std::string> names{"A", "export B", "1C", "D-E", "", "A"};
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (int line = 0; line < 6; ++line) {
      text += names[random() % names.size()] + "=" + values[random() % values.size()] + "\n";
    }
    for (const auto& note : readEnvFile(text).notes) {
      ASSERT_EQ(note.find("s3cr3t"), std::string::npos) << note << "\n" << text;
      ASSERT_TRUE(note.starts_with("line ")) << note;
    }
  }
}

}  // namespace
}  // namespace splitdelivery::source::folder
