package io.github.swag4j.studies.reinforce.environment;

import java.util.Arrays;

/**
 * What an action is. Actions are arrays of floats for both kinds, as they are stored and batched.
 */
public sealed interface ActionSpace {

  /**
   * Numbers in the array of an action.
   *
   * @return 1 for a choice
   */
  int size();

  /**
   * Checks an action.
   *
   * @param action what an agent chose
   * @throws IllegalArgumentException if it is none of this space
   */
  void require(float... action);

  /**
   * One of several actions, named by its number.
   *
   * @param count how many there are, at least 2
   */
  record Choice(int count) implements ActionSpace {
    /**
     * Checks the count.
     *
     * @param count how many there are, at least 2
     * @throws IllegalArgumentException if there are less than 2
     */
    public Choice {
      if (count < 2) {
        throw new IllegalArgumentException("a choice must be of at least 2 actions, got " + count);
      }
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public void require(float... action) {
      if (action.length != 1
          || !(action[0] >= 0 && action[0] < count && action[0] == Math.rint(action[0]))) {
        throw new IllegalArgumentException(
            "an action must be one whole number from 0 to "
                + (count - 1)
                + ", got "
                + Arrays.toString(action));
      }
    }
  }

  /**
   * A vector, such as forces. What lies outside of the limits is the environment's to clip.
   *
   * @param low the least of each number
   * @param high the largest of each number
   */
  record Vector(float[] low, float[] high) implements ActionSpace {
    /**
     * Checks the limits.
     *
     * @param low the least of each number
     * @param high the largest of each number, above the least
     * @throws IllegalArgumentException if there is no number, or low is not below high
     */
    public Vector {
      low = low.clone();
      high = high.clone();
      if (low.length == 0 || low.length != high.length) {
        throw new IllegalArgumentException(
            "a vector must have as many low as high limits, at least one, got "
                + low.length
                + " and "
                + high.length);
      }
      for (int i = 0; i < low.length; i++) {
        if (!(low[i] < high[i] && Float.isFinite(high[i] - low[i]))) {
          throw new IllegalArgumentException(
              "limits of number "
                  + i
                  + " must be finite and rise, got "
                  + low[i]
                  + " and "
                  + high[i]);
        }
      }
    }

    /**
     * The same limits for one number.
     *
     * @param limit its largest absolute value
     * @return the space
     */
    public static Vector within(float limit) {
      return new Vector(new float[] {-limit}, new float[] {limit});
    }

    @Override
    public float[] low() {
      return low.clone();
    }

    @Override
    public float[] high() {
      return high.clone();
    }

    @Override
    public int size() {
      return low.length;
    }

    /**
     * The action at a place between the limits.
     *
     * @param place numbers from -1 (low) to 1 (high); what lies outside is clipped
     * @return the action
     */
    public float[] at(float... place) {
      float[] action = new float[low.length];
      for (int i = 0; i < action.length; i++) {
        float share = (Math.max(-1f, Math.min(1f, place[i])) + 1) / 2;
        action[i] = low[i] + share * (high[i] - low[i]);
      }
      return action;
    }

    /**
     * Moves numbers outside of the limits onto them.
     *
     * @param action any numbers
     * @return the nearest action
     */
    public float[] clipped(float... action) {
      float[] out = action.clone();
      for (int i = 0; i < out.length; i++) {
        out[i] = Math.max(low[i], Math.min(high[i], out[i]));
      }
      return out;
    }

    @Override
    public void require(float... action) {
      boolean fine = action.length == low.length;
      for (int i = 0; fine && i < action.length; i++) {
        fine = Float.isFinite(action[i]);
      }
      if (!fine) {
        throw new IllegalArgumentException(
            "an action must be " + low.length + " finite numbers, got " + Arrays.toString(action));
      }
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Vector other
          && Arrays.equals(low, other.low)
          && Arrays.equals(high, other.high);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(low) + Arrays.hashCode(high);
    }

    @Override
    public String toString() {
      return "from " + Arrays.toString(low) + " to " + Arrays.toString(high);
    }
  }
}
