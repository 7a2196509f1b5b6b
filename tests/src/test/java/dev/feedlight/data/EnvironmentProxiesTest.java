package dev.feedlight.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The way out that the environment names. */
final class EnvironmentProxiesTest {
  private static String chosen(Map<String, String> environment, String url) {
    List<Proxy> proxies = new EnvironmentProxies(environment).select(URI.create(url));
    assertThat(proxies).hasSize(1);
    Proxy proxy = proxies.getFirst();
    return proxy.type() == Proxy.Type.DIRECT ? "direct" : proxy.address().toString();
  }

  @ParameterizedTest
  @CsvSource({
    "http_proxy, http://p:3128, http://host/, p/<unresolved>:3128",
    "http_proxy, p:3128, http://host/, p/<unresolved>:3128",
    "HTTP_PROXY, http://p, http://host/, p/<unresolved>:80",
    "http_proxy, http://p:3128, https://host/, direct",
    "https_proxy, http://p:3128/, https://host/, p/<unresolved>:3128",
    "HTTPS_PROXY, http://p:3128/, HTTPS://host/, p/<unresolved>:3128",
    "all_proxy, http://p:3128, https://host/, p/<unresolved>:3128",
    "http_proxy, '', http://host/, direct",
    "other, http://p:3128, http://host/, direct",
    "http_proxy, http://p:3128, http://localhost:8080/, direct",
    "http_proxy, http://p:3128, http://127.0.0.1/, direct",
  })
  void isThatOfTheScheme(String name, String value, String url, String expected) {
    assertThat(chosen(Map.of(name, value), url)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "host.org, http://host.org/, true",
    "host.org, http://a.host.org/, true",
    "host.org, http://ghost.org/, false",
    "'x, .host.org', http://a.host.org/, true",
    "*.host.org, http://a.host.org/, true",
    "HOST.org, http://host.ORG/, true",
    "*, http://any/, true",
    "',', http://any/, false",
  })
  void someHostsAreReachedDirectly(String noProxy, String url, boolean direct) {
    Map<String, String> environment = Map.of("http_proxy", "p:1", "no_proxy", noProxy);
    assertThat(chosen(environment, url).equals("direct")).isEqualTo(direct);
  }

  @ParameterizedTest
  @ValueSource(strings = {"socks5://p:1", "http://u:secret@p:1", "http:// secret", "://secret"})
  void whatCannotBeUsedIsRefusedAndNotShown(String value, @TempDir Path folder) {
    EnvironmentProxies proxies = new EnvironmentProxies(Map.of("http_proxy", value));
    Fetching fetching = new Fetching(folder, new byte[1]).attempts(1).proxies(proxies);
    assertThatThrownBy(() -> fetching.from(List.of(URI.create("http://none.invalid/x"))))
        .isInstanceOf(DownloadException.class)
        .hasMessageContaining("the proxy that the environment names")
        .hasMessageNotContaining("secret");
  }

  @Test
  @Timeout(30)
  void isUsedAndNamed(@TempDir Path folder) throws Exception {
    byte[] body = Fetching.body(500);
    try (ScriptedServer proxy =
        ScriptedServer.of(ScriptedServer.whole(body), ScriptedServer.nothing())) {
      EnvironmentProxies proxies =
          new EnvironmentProxies(Map.of("http_proxy", proxy.url().toString()));
      List<URI> url = List.of(URI.create("http://none.invalid/x"));
      Path file = new Fetching(folder, body).proxies(proxies).from(url);
      assertThat(file).hasBinaryContent(body);
      assertThat(proxy.requests().getFirst().line())
          .isEqualTo("GET http://none.invalid/x HTTP/1.1");
      assertThatThrownBy(
              () ->
                  new Fetching(folder.resolve("other"), body)
                      .attempts(1)
                      .proxies(proxies)
                      .from(url))
          .hasMessageContaining("through the proxy 127.0.0.1");
    }
  }
}
