/**
 * The emulated optical processing unit: micromirrors, scattering medium, camera and read-out, each
 * a part that can be exchanged or switched off.
 */
package dev.feedlight.opu;
