#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/directadmin_world.h"
#include "simulators/exchange.h"

namespace splitdelivery::simulators {

/// One DirectAdmin server: the legacy commands that forwarders need, with json=yes or as forms.
///
///     DirectAdmin da;
///     da.addAccount({.user = "dauser0", .keys = {{.key = "dakey0"}}});
///     da.addDomain("dauser0", "example.com");
///     da.setForwarder("example.com", "kim", "kim@elsewhere.example");
///     EXPECT_THAT(da.forwarders("example.com"), Contains(Pair("anna", "anna@zoho.example.com")));
///
/// What the setters do is not in the journal: that is somebody else's work on the server. Facts:
/// directadmin.com/api.html, docs.directadmin.com, and answers that others quoted from live servers.
class DirectAdmin final : public Simulator {
 public:
  DaBehavior behavior{};

  // The world. An account or domain that is not there is a mistake of the test: std::out_of_range.
  DaAccount& addAccount(DaAccount account);
  [[nodiscard]] DaAccount& account(const std::string& user) { return accounts_.at(user); }
  DaDomain& addDomain(const std::string& owner, const std::string& domain);
  [[nodiscard]] DaDomain& domain(const std::string& name) { return domains_.at(name); }
  [[nodiscard]] bool hasDomain(const std::string& name) const { return domains_.contains(name); }
  void removeDomain(const std::string& name) { domains_.erase(name); }
  void setForwarder(const std::string& domain, const std::string& local, const std::string& destinations);
  void removeForwarder(const std::string& domain, const std::string& local);
  void addMailbox(const std::string& domain, const std::string& local, DaMailbox mailbox = {});
  [[nodiscard]] const std::map<std::string, std::string>& forwarders(const std::string& domain) const {
    return domains_.at(domain).forwarders;
  }

  [[nodiscard]] bool isBanned(const std::string& client) const;
  void liftBans() { badLogins_.clear(); }

  [[nodiscard]] std::string_view api() const override { return "da"; }
  [[nodiscard]] std::string endpoint(const Request& request) const override;
  [[nodiscard]] bool isWrite(const Request& request) const override { return request.method != "GET"; }
  Reply handle(const Request& request, Time now) override;

 private:
  /// One command with everything that was sent along, from a user who is let in.
  struct Call {
    bool read;  ///< GET
    bool json;
    Fields parameters;
    std::string user;  ///< the effective one
    Reply reply{};
  };
  struct Login {
    std::string effectiveUser;
    const DaLoginKey* key;
  };
  using Command = void (DirectAdmin::*)(Call&);

  [[nodiscard]] static const std::map<std::string, Command, std::less<>>& commands();
  [[nodiscard]] std::optional<Login> checkLogin(const Request& request) const;
  [[nodiscard]] Reply refuseLogin(const Request& request, bool json);
  [[nodiscard]] Reply banned() const;
  void run(Call& call, const Request& request, const DaLoginKey& key);
  /// Query and body together; nothing when the body is neither a form nor a JSON object.
  [[nodiscard]] static std::optional<Fields> readParameters(const Request& request);
  /// The domain that the call names, or nothing: then the reply is an error already.
  [[nodiscard]] DaDomain* ownDomain(Call& call);
  void fail(Call& call, std::string_view text, std::string_view details) const;

  void showDomains(Call& call);
  void userConfig(Call& call);
  void userUsage(Call& call);
  void mailboxes(Call& call);
  void dnsMx(Call& call);
  void showMailRouting(Call& call, const DaDomain& domain) const;
  void catchAll(Call& call);
  void pointers(Call& call);
  // directadmin_forwarders.cpp
  void emailForwarders(Call& call);
  void listForwarders(Call& call, const DaDomain& domain) const;
  void createForwarder(Call& call, DaDomain& domain);
  void modifyForwarder(Call& call, DaDomain& domain);
  static void deleteForwarders(Call& call, DaDomain& domain);
  /// Whether the server takes this forwarder; if not, the reply says so.
  [[nodiscard]] bool acceptable(Call& call, const std::string& local, const std::string& destinations) const;
  [[nodiscard]] std::size_t countForwarders(const std::string& user) const;

  std::map<std::string, DaAccount> accounts_;
  std::map<std::string, DaDomain> domains_;
  std::map<std::string, std::size_t> badLogins_;  // by client address
};

}  // namespace splitdelivery::simulators
