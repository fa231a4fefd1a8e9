package io.runwire.deploy.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Settings from a properties file, with {@code ${env:NAME}} standing for the environment's. */
final class ConfigFile {
  private static final String ENV_PREFIX = "${env:";

  private ConfigFile() {}

  /**
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException naming a variable that is not set
   */
  static Map<String, String> read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    Map<String, String> settings = new TreeMap<>();
    for (String key : properties.stringPropertyNames()) {
      settings.put(key, resolve(key, properties.getProperty(key).strip()));
    }
    return settings;
  }

  private static String resolve(String key, String value) {
    if (!value.startsWith(ENV_PREFIX) || !value.endsWith("}")) {
      return value;
    }
    String name = value.substring(ENV_PREFIX.length(), value.length() - 1);
    String found = System.getenv(name);
    if (found == null) {
      throw new IllegalArgumentException(key + ": environment variable " + name + " is not set");
    }
    return found;
  }
}
