#include "http/scrub_words.h"

#include <iterator>
#include <set>
#include <sstream>
#include <string>

#include "base/ascii.h"

namespace splitdelivery::http {
namespace {

// Separated by white space. As they are spelled: `page` is a field, Page may be somebody's name.
constexpr std::string_view kIdentifiers = R"(
  true false null yes no on off ok none unlimited enabled disabled active inactive expired pending verified unverified
  Login success failure failed status code description data msg message errorCode errorData moreInfo error errors title
  details text result authFail field INVALID_OAUTHTOKEN INVALID_OAUTHSCOPE URL_RULE_NOT_CONFIGURED PATTERN_NOT_MATCHED
  OPERATION_NOT_PERMITTED URL_ROLLING_THROTTLES_LIMIT_EXCEEDED URL_FIXED_THROTTLES_LIMIT_EXCEEDED TOO_MANY_REQUESTS
  INTERNAL_ERROR INVALID_METHOD EXTRA_PARAM_FOUND MANDATORY_PARAM_MISSING JSON_PARSE_ERROR VALIDATION_ERROR
  UNAUTHORIZED FORBIDDEN NOT_FOUND CONFLICT RATE_LIMITED BUSINESS_ERROR SERVER_ERROR BAD_REQUEST

  access_token refresh_token token_type expires_in api_domain scope error_description Bearer invalid_client
  invalid_client_secret invalid_code invalid_grant invalid_scope invalid_soid invalid_org missing_org_info
  ZohoMail.organization.accounts.READ ZohoMail.organization.groups.READ ZohoMail.organization.domains.READ

  zuid accountId zoid type role ZOHO_ACCOUNT primaryEmailAddress mailboxAddress incomingUserName emailAddress mailId
  isPrimary isAlias isConfirmed displayName accountDisplayName accountName firstName lastName iamUserRole isCustomAdmin
  mailboxStatus iamStatus incomingBlocked outgoingBlocked imapBlocked popBlocked mxStatus smtpStatus policyId
  sendMailDetails sendMailId fromAddress lastLogin userExpiry groupList iamGroupList zgid name emailId super_admin admin
  member moderator orgUser country language timeZone gender mobileNumber phoneNumber planStorage usedStorage
  extraStorage allowedStorage accountCreationTime mailboxCreationTime basicStorage encryptedZuid URI spamcheckEnabled
  twoFactorAuth tfaEnabled tfaSetup customerType employeeId activeSyncEnabled imapAccessEnabled popAccessEnabled
  vacationResponse forwardDetails mailForward aliasMode isLogoExist sequence validated mode serverName serverPort
  count groups domains aliasList accessType Public Moderated groupMemberCount mailGroupMemberList
  memberEmailId memberType blockDetails groupAdminSettings mailboxId streamsEnabled iamGroupExist policyName mbtype
  groupCount sharedGroupCount mailGroup isStreams groupDesc groupType
  domainVO domainName domainId primary verificationStatus mailHostingEnabled isDomainAlias domainAlias mxstatus
  spfstatus dkimstatus subDomainStripping catchAllAddress catchAllExcludeAddresses dkimDetailList dkimId selector
  publicKey isDefault isVerified isExpired CNAMEVerificationCode HTMLVerificationCode notificationEnabled

  list info emails account login usage quota sent suspended limit value records ttl combined full_mx_records internal
  external alias pointer email destinations alias_count domain domain_name user users active_users mail_hosting
  ssl_enabled pointers nemailf nemails vdomains bandwidth creator package username effectiveUsername allowedCommands
  tableDefaultIPP addresses CMD_API_SHOW_DOMAINS CMD_API_EMAIL_FORWARDERS CMD_API_POP CMD_API_EMAIL_CATCH_ALL
  CMD_API_DNS_MX CMD_API_DOMAIN_POINTER CMD_API_DNS_CONTROL CMD_API_SHOW_USER_CONFIG CMD_API_SHOW_USER_USAGE
  CMD_EMAIL_FORWARDER CMD_EMAIL_POP fail blackhole address MX TXT CNAME NS AAAA SOA SRV
  action select create modify delete full_list json type page ipp start searchKey rows
  forwarders mailboxes mailbox full catch-all email-accounts email_accounts mail-status verification-key

  api oauth v2 token organization accounts group zoho zohomail directadmin mxroute mail www mx mx2 mx3 smtp imap
  zoho.com zoho.eu zoho.in zoho.com.au zoho.jp zohocloud.ca zoho.com.cn zoho.sa zoho.uk zoho.ae
  mail.zoho.com mail.zoho.eu mail.zoho.in mail.zoho.com.au mail.zoho.jp mail.zohocloud.ca mail.zoho.com.cn mail.zoho.sa
  mail.zoho.uk mail.zoho.ae accounts.zoho.com accounts.zoho.eu accounts.zoho.in accounts.zoho.com.au accounts.zoho.jp
  accounts.zohocloud.ca accounts.zoho.com.cn accounts.zoho.sa accounts.zoho.uk accounts.zoho.ae
  www.zohoapis.com www.zohoapis.eu www.zohoapis.in www.zohoapis.com.au www.zohoapis.jp www.zohoapis.ca
  api.mxroute.com application json html plain x-www-form-urlencoded charset utf-8 iso-8859-1
)";

// In any case of their letters.
constexpr std::string_view kEnglish = R"(
  DirectAdmin Zoho Mail MXroute JSON UTF-8 ISO-8859-1
  alias a an and are as at be been before but by can cannot could denied do does not did for from has have in into is it its
  if of or own please request requests executed execute executing exist exists existing already unable invalid
  input missing required too many made you your yours this that the there to try again later was were with within
  without access unauthorized forbidden found logged log blacklisted blocked banned authority level command commands
  password wrong incorrect belong belongs view save saved option options created updated deleted
  removed added modified changed forwarder maximum minimum number allowed limit limited exceeded reached
  exceeds over server service temporarily unavailable internal bad gateway timeout timed out continuously long time
  some after minutes seconds minute second hour hours session expired blocked license system method supported format
  parameter parameters value values url path json content name address destination destinations record
  records dns operation permitted performed successfully successful processing process processed resource resources
)";

using Words = std::set<std::string, std::less<>>;

Words split(const std::string& text) {
  std::istringstream words(text);
  return {std::istream_iterator<std::string>(words), {}};
}

}  // namespace

bool isKnownWord(std::string_view word) {
  static const Words kExact = split(std::string(kIdentifiers));
  static const Words kAnyCase = split(base::lowered(kEnglish));
  return kExact.contains(word) || kAnyCase.contains(base::lowered(word));
}

}  // namespace splitdelivery::http
