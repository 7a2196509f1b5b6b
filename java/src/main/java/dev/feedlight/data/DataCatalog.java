package dev.feedlight.data;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/**
 * The data sets that can be fetched by name.
 *
 * @param entries each with a name of its own
 */
public record DataCatalog(List<CatalogEntry> entries) {
  private static final String GITHUB =
      "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/";

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException if two are alike
   */
  public DataCatalog {
    entries = List.copyOf(entries);
    if (entries.stream().map(CatalogEntry::name).distinct().count() < entries.size()) {
      throw new IllegalArgumentException("two data sets have one name: " + names(entries));
    }
  }

  /**
   * Feedlight's own catalog: Fashion-MNIST, ClimateBench.
   *
   * @return a catalog
   */
  public static DataCatalog standard() {
    return new DataCatalog(List.of(fashionMnist(), climateBench()));
  }

  /**
   * Finds a data set.
   *
   * @param name exactly as in the catalog
   * @return it
   * @throws DataException if there is none of this name
   */
  public CatalogEntry find(String name) {
    return entries.stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new DataException(
                    "there is no data set '" + name + "' to fetch, only " + names(entries)));
  }

  private static List<String> names(List<CatalogEntry> entries) {
    return entries.stream().map(CatalogEntry::name).toList();
  }

  /**
   * Sizes and sums are those of the files whose MD5 the authors publish (README of
   * zalandoresearch/fashion-mnist); both places serve the same bytes.
   */
  private static CatalogEntry fashionMnist() {
    return new CatalogEntry(
        "fashion-mnist",
        "60000 training and 10000 test images of clothing, 28 x 28 grey, ten classes.",
        "MIT (Zalando SE)",
        URI.create("https://github.com/zalandoresearch/fashion-mnist"),
        List.of(
            part(
                "train-images-idx3-ubyte.gz",
                26_421_880,
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            part(
                "train-labels-idx1-ubyte.gz",
                29_515,
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            part(
                "t10k-images-idx3-ubyte.gz",
                4_422_102,
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            part(
                "t10k-labels-idx1-ubyte.gz",
                5_148,
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")));
  }

  private static RemoteFile part(String name, long bytes, String sha256) {
    return new RemoteFile(
        name,
        List.of(URI.create(FashionMnist.SOURCE + name), URI.create(GITHUB + name)),
        bytes,
        sha256);
  }

  /**
   * Of the archives (Zenodo record 7064308, doi 10.5281/zenodo.5196512) the inputs and outputs of
   * the four scenarios, whose sizes and sums are known here; those of the archives are not.
   */
  private static CatalogEntry climateBench() {
    return CatalogEntry.inArchives(
        "climatebench",
        "Forcings and climate of four scenarios, 2015 to 2100, 96 x 144 cells (NorESM2).",
        "CC BY 4.0 (D. Watson-Parris et al.)",
        URI.create("https://doi.org/10.5281/zenodo.5196512"),
        List.of(
            archive(
                "train_val.tar.gz",
                new Scenario(
                    "ssp126",
                    "7367c1b98814967be0a7bb400b30c26cf084f7a44a24445b7f1a56240232b3a9",
                    23_794_296,
                    "ac67875e1c9ffa72d3e50ec1d3bc6ad52a038662af5f9904094f95e36ff7684f"),
                new Scenario(
                    "ssp370",
                    "7899e2a7c0e8140deeecc7d5fca928a2b35651f1ed6f55ceb5421cef4a148288",
                    71_349_102,
                    "ec6a7375ca87c639901bd7b05f894b16b6f0aed3382f8dd386ad1a62d7debc86"),
                new Scenario(
                    "ssp585",
                    "589e32641ef3b795d96df0248bc84688ae4d70fffa280f6d0de5ee3b97c0081c",
                    23_794_296,
                    "c3cddb3e24e911f68e3dbe3306a52680bc7e43afd8814d6ba23cb3e106d4e2b3")),
            archive(
                "test.tar.gz",
                new Scenario(
                    "ssp245",
                    "010f355d400fdec477d38890b7b253a7ad672ad4c6a60b93c8196f7dbabc8647",
                    71_348_856,
                    "dad3689638223e1b0b5e97c5aa665066737770faf4e4edc5281e01f61ae87122"))));
  }

  /** Its inputs all have one size. */
  private record Scenario(String name, String inputs, long outputBytes, String outputs) {
    private static final long INPUT_BYTES = 19_035_381;
  }

  private static RemoteArchive archive(String name, Scenario... scenarios) {
    List<URI> urls = List.of(URI.create("https://zenodo.org/records/7064308/files/" + name));
    List<RemoteFile> files =
        Stream.of(scenarios)
            .flatMap(
                scenario ->
                    Stream.of(
                        new RemoteFile(
                            "inputs_" + scenario.name + ".nc",
                            urls,
                            Scenario.INPUT_BYTES,
                            scenario.inputs),
                        new RemoteFile(
                            "outputs_" + scenario.name + ".nc",
                            urls,
                            scenario.outputBytes,
                            scenario.outputs)))
            .toList();
    return new RemoteArchive(name, urls, files);
  }
}
