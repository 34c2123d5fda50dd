package dev.tidewaiter.intake.existing;

import dev.tidewaiter.model.Secret;
import java.util.regex.Pattern;

/// User names that are no names: some registries take a token in their place, and a declaration,
/// which is in Git, spells a user name out.
final class UserNames {
  /// What issuers begin their tokens with, a company's own word before GitLab's included; a JSON
  /// web token; and the hexadecimal digits of older tokens.
  ///
  /// Sources:
  /// [GitHub](https://docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats),
  /// [GitLab](https://docs.gitlab.com/security/tokens/#token-prefixes), [Docker
  /// Hub](https://docs.docker.com/security/access-tokens/),
  /// [DigitalOcean](https://docs.digitalocean.com/reference/api/create-personal-access-token/).
  private static final Pattern TOKEN =
      Pattern.compile(
          "gh[oprsu]_.+|github_pat_.+"
              + "|(.*-)?gl(pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|wt|soat|ffct)-.+"
              + "|dckr_[a-z]+_.+|do[opr]_v1_.+"
              + "|eyJ[A-Za-z0-9_-]+\\..+|[0-9a-fA-F]{40,}");

  /// The password with which GitHub takes a token as user name.
  ///
  /// Source: [Git over HTTPS and
  /// OAuth](https://github.blog/news-insights/easier-builds-and-deployments-using-git-over-https-and-oauth/).
  private static final String OF_TOKENS = "x-oauth-basic";

  private UserNames() {}

  static boolean isToken(String username, Secret password) {
    return TOKEN.matcher(username.strip()).matches() || password.reveal().strip().equals(OF_TOKENS);
  }
}
