#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace splitdelivery::simulators {

struct DaLoginKey {
  std::string key;
  std::set<std::string> commands{};  ///< what the key may call ("CMD_API_POP"); empty: everything
};

struct DaAccount {
  std::string user;
  std::vector<DaLoginKey> keys{};
  bool admin = false;                           ///< may log in as "admin|user"
  std::optional<std::size_t> forwarderLimit{};  ///< over all domains; unset: "unlimited"
};

struct DaMailbox {
  unsigned quota = 1024;  ///< MB
  double usage = 0;       ///< MB
  bool suspended = false;
};

struct DaDomain {
  std::string owner;
  std::map<std::string, std::string> forwarders{};  ///< local part → destinations, joined by commas
  std::map<std::string, DaMailbox> mailboxes{};     ///< by local part
  std::string catchAll = ":fail:";
  bool internal = true;                           ///< "use this server to handle my e-mails"
  std::map<std::string, std::string> pointers{};  ///< other name → "alias" or "pointer"
};

/// Where versions and hosters differ. The defaults are a current server.
struct DaBehavior {
  enum class Refusal {
    Unauthorized,  ///< HTTP 401 {"error":"Not logged in","success":"no"}
    LoginPage,     ///< HTTP 200 and an HTML login page
    Header,        ///< HTTP 200 and "X-DirectAdmin: Unauthorized"
    Redirect,      ///< HTTP 302 to the login page
  };
  enum class Ban {
    LoginPage,  ///< HTTP 200 and an HTML login page
    Header,     ///< HTTP 200 and "X-DirectAdmin: blacklisted"
  };
  enum class Empty { Object, Array, Nothing };
  enum class MailRouting {
    Alone,    ///< json {"internal":"yes"}
    Records,  ///< json with the MX records beside it
    Form,     ///< lines of a form, though json was asked for
  };
  enum class Setting {
    Works,
    Refused,  ///< a business error
    Ignored,  ///< success, and nothing done
  };

  int businessErrorStatus = 500;  ///< 200 on old versions
  Refusal badLogin = Refusal::Unauthorized;
  Refusal badCommand = Refusal::Redirect;  ///< the key does not cover the command
  std::size_t banAfter = 5;                ///< bad logins of one client address; 0: never
  Ban ban = Ban::LoginPage;
  Empty emptyForwarders = Empty::Object;
  Empty emptyPointers = Empty::Object;
  MailRouting mailRouting = MailRouting::Alone;
  Setting turnInternal = Setting::Works;  ///< what becomes of CMD_API_DNS_MX action=internal
  bool destinationsAsText = false;        ///< json: "a@x,b@y" in place of ["a@x","b@y"]
  bool domainsAsObject = false;           ///< json: {"list":[…]} in place of […]
  std::string contentType{};              ///< of every good answer; "": application/json or text/plain
  /// Addresses ("x@example.com": the forwarder's own or a destination) that the server will not take.
  std::set<std::string> refusedAddresses{};
  std::set<std::string> missingCommands{};  ///< commands that this server does not have: 404
};

}  // namespace splitdelivery::simulators
