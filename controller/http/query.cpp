#include "http/query.h"

#include <algorithm>

#include "http/percent.h"

namespace splitdelivery::http {

std::optional<std::string> queryValue(std::string_view query, std::string_view name, std::size_t most) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view parameter = query.substr(0, end);
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    if (parameter.substr(0, equals) == name) {
      return percentDecoded(parameter.substr(std::min(equals + 1, parameter.size()))).substr(0, most);
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return std::nullopt;
}

}  // namespace splitdelivery::http
