namespace SeqCore.Models;

/// <summary>
/// The base of receivers of a run's metrics, such as a dashboard or a custom file. A <see cref="Trainer"/> calls it on its own
/// thread, in the order of the steps; derive from it and override the methods that are needed.
/// </summary>
public abstract class MetricsSink
{
    /// <summary>Begins or resumes a run; metrics of later steps that were written before are written again.</summary>
    /// <param name="step">The number of steps done before.</param>
    public virtual void Begin(long step)
    {
    }

    /// <summary>Receives a training step, whose values are known.</summary>
    public virtual void Write(in StepCompleted step)
    {
    }

    /// <summary>Receives the effect of a step on each parameter.</summary>
    public virtual void Write(in LayersLogged layers)
    {
    }

    /// <summary>Receives an evaluation.</summary>
    public virtual void Write(in Evaluated evaluation)
    {
    }

    /// <summary>Makes everything received so far permanent, before a checkpoint and at the end of a run.</summary>
    public virtual void Flush()
    {
    }
}
