namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>
    /// Adam, or AdamW if decoupled, for one parameter w with gradient g: m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2 and w -=
    /// lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon).
    /// </summary>
    internal static (double W, double M, double V) Adam(in AdamStep step, double w, double g, double m, double v)
    {
        g *= step.GradientScale;
        if (step.Decoupled)
            w -= (double)step.LearningRate * step.WeightDecay * w;
        else
            g += step.WeightDecay * w;
        m = (step.Beta1 * m) + ((1.0 - step.Beta1) * g);
        v = (step.Beta2 * v) + ((1.0 - step.Beta2) * g * g);
        double unbiasedM = m / (1 - Math.Pow(step.Beta1, step.Step)), unbiasedV = v / (1 - Math.Pow(step.Beta2, step.Step));
        return (w - (step.LearningRate * unbiasedM / (Math.Sqrt(unbiasedV) + step.Epsilon)), m, v);
    }

    /// <summary>
    /// Stochastic gradient descent for one parameter: b = momentum b + (1 - dampening) g, or g at the first step, and w -= lr b,
    /// or lr (g + momentum b) with Nesterov's momentum.
    /// </summary>
    internal static (double W, double Buffer) Sgd(in SgdStep step, double w, double g, double buffer)
    {
        g = (g * step.GradientScale) + (step.WeightDecay * w);
        if (step.Momentum == 0)
            return (w - (step.LearningRate * g), buffer);
        buffer = step.FirstStep ? g : (step.Momentum * buffer) + ((1.0 - step.Dampening) * g);
        return (w - (step.LearningRate * (step.Nesterov ? g + (step.Momentum * buffer) : buffer)), buffer);
    }

    /// <summary>
    /// RMSProp for one parameter: v = alpha v + (1 - alpha) g^2, d = g / (sqrt(v) + epsilon), with momentum b = momentum b + d in
    /// place of d, and w -= lr d.
    /// </summary>
    internal static (double W, double Buffer, double V) RmsProp(in RmsPropStep step, double w, double g, double buffer, double v)
    {
        g = (g * step.GradientScale) + (step.WeightDecay * w);
        v = (step.Alpha * v) + ((1.0 - step.Alpha) * g * g);
        var direction = g / (Math.Sqrt(v) + step.Epsilon);
        if (step.Momentum != 0)
            direction = buffer = (step.Momentum * buffer) + direction;
        return (w - (step.LearningRate * direction), buffer, v);
    }
}
