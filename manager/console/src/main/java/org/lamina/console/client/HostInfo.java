package org.lamina.console.client;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** The daemon and its host as the API tells them. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record HostInfo(String version, String kernel, long pid, int containers, long running) {}
