package dev.feedlight.data;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The proxies of the JVM where its system properties name some ({@code http.proxyHost}, {@code
 * https.proxyHost}, {@code java.net.useSystemProxies}), else those of the environment variables
 * {@code http_proxy}, {@code https_proxy}, {@code all_proxy} and {@code no_proxy}, in lower or
 * upper case, as curl reads them: {@code http://host:port}. Hosts of {@code no_proxy} are separated
 * by commas and hold for their subdomains too; {@code *} is every host. This machine itself is
 * always reached directly. Names and passwords in a proxy's URL are refused, and so are other
 * schemes.
 */
public final class EnvironmentProxies extends ProxySelector {
  private static final List<String> THIS_MACHINE = List.of("localhost", "127.0.0.1", "[::1]");

  private final Map<String, String> environment;

  /**
   * Creates a selector.
   *
   * @param environment variables by name
   */
  public EnvironmentProxies(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * The way to a URL.
   *
   * @throws DownloadException if the environment names a proxy that cannot be used
   */
  @Override
  public List<Proxy> select(URI url) {
    String scheme = url.getScheme().toLowerCase(Locale.ROOT);
    ProxySelector ofJvm = ProxySelector.getDefault();
    List<Proxy> chosen = ofJvm == null ? List.of(Proxy.NO_PROXY) : ofJvm.select(url);
    if (System.getProperty(scheme + ".proxyHost") != null
        || chosen.stream().anyMatch(proxy -> proxy.type() != Proxy.Type.DIRECT)) {
      return chosen;
    }
    String host = url.getHost().toLowerCase(Locale.ROOT);
    String proxy = variable(scheme + "_proxy");
    if (proxy.isEmpty()) {
      proxy = variable("all_proxy");
    }
    return proxy.isEmpty() || isDirect(host)
        ? List.of(Proxy.NO_PROXY)
        : List.of(new Proxy(Proxy.Type.HTTP, address(proxy)));
  }

  private boolean isDirect(String host) {
    if (THIS_MACHINE.contains(host)) {
      return true;
    }
    for (String entry : variable("no_proxy").toLowerCase(Locale.ROOT).split(",", -1)) {
      String suffix = entry.strip().replaceFirst("^\\*?\\.", "");
      if (suffix.equals("*")
          || (!suffix.isEmpty() && (host.equals(suffix) || host.endsWith("." + suffix)))) {
        return true;
      }
    }
    return false;
  }

  private String variable(String name) {
    String value = environment.get(name);
    return (value != null ? value : environment.getOrDefault(name.toUpperCase(Locale.ROOT), ""))
        .strip();
  }

  private static InetSocketAddress address(String proxy) {
    URI url;
    try {
      url = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
    } catch (IllegalArgumentException _) {
      throw unusable("it is no URL");
    }
    if (!"http".equalsIgnoreCase(url.getScheme()) || url.getHost() == null) {
      throw unusable("it is not of the form http://host:port");
    }
    if (url.getUserInfo() != null) {
      throw unusable("it has a user name, which is not supported");
    }
    return InetSocketAddress.createUnresolved(
        url.getHost(), url.getPort() < 0 ? 80 : url.getPort());
  }

  /** The value may hold a password: it is shown neither here nor by a cause. */
  private static DownloadException unusable(String why) {
    return new DownloadException(
        "the proxy that the environment names (http_proxy, https_proxy, all_proxy) cannot be used: "
            + why);
  }

  @Override
  public void connectFailed(URI url, SocketAddress proxy, IOException failure) {
    // There is one way only; the failure itself is reported.
  }
}
