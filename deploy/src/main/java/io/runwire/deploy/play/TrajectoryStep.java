package io.runwire.deploy.play;

import java.time.Duration;

/**
 * One turn of a recorded agent. All texts are as recorded; what is not recorded is empty.
 *
 * @param thought what it thought
 * @param response what the model said; often the thought and the command once more
 * @param action the command that it ran
 * @param observation what the command put out
 * @param executionTime how long the command took; zero where not recorded
 */
public record TrajectoryStep(
    String thought, String response, String action, String observation, Duration executionTime) {}
