package dev.feedlight.architecture.violating.learn;

import java.util.logging.Logger;

interface UsesPlatformLogging {
  Logger logger();
}
