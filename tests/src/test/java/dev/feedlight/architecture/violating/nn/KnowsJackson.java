package dev.feedlight.architecture.violating.nn;

import com.fasterxml.jackson.core.JsonParser;

interface KnowsJackson {
  JsonParser parser();
}
