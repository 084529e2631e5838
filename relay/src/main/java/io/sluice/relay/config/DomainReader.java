package io.sluice.relay.config;

import io.sluice.outbox.EventDomain;
import io.sluice.relay.publish.DomainSettings;
import io.sluice.relay.publish.DomainSettings.Completion;
import io.sluice.relay.publish.DomainSettings.Unpublishable;
import io.sluice.relay.publish.Domains;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads {@code domains}: a list of names, or a mapping from names to settings. */
final class DomainReader {

  private static final List<String> DEFAULT_DOMAINS =
      List.of("CHAT", "PORTFOLIO", "MARKET", "NOTIFICATION", "SIGNAL");

  private DomainReader() {}

  static Domains read(Section root) {
    Map<EventDomain, DomainSettings> domains = new TreeMap<>();
    if (!root.has("domains")) {
      root.texts("domains");
      DEFAULT_DOMAINS.forEach(name -> domains.put(EventDomain.of(name), DomainSettings.DEFAULT));
    } else if (root.isList("domains")) {
      root.texts("domains")
          .forEach((setting, name) -> add(root, setting, name, DomainSettings.DEFAULT, domains));
    } else {
      Section section = root.section("domains");
      section.names().forEach(name -> add(section, name, name, settings(section, name), domains));
    }
    return new Domains(
        domains, root.choice("unknown-domains", Unpublishable.QUARANTINE, Unpublishable.class));
  }

  private static void add(
      Section section,
      String setting,
      String name,
      DomainSettings settings,
      Map<EventDomain, DomainSettings> domains) {
    try {
      domains.put(EventDomain.of(name), settings);
    } catch (IllegalArgumentException e) {
      section.problem(setting, String.valueOf(e.getMessage()));
    }
  }

  private static DomainSettings settings(Section domains, String name) {
    Section section = domains.section(name);
    DomainSettings settings =
        new DomainSettings(
            section.choice("completion", Completion.HANDLERS, Completion.class),
            section.choice("unpublishable", Unpublishable.QUARANTINE, Unpublishable.class));
    section.end();
    return settings;
  }
}
