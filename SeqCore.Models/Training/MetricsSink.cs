namespace SeqCore.Models;

/// <summary>
/// Takes the metrics of a run, for a dashboard or a file of one's own. A <see cref="Trainer"/> calls it on its own thread, in the
/// order of the steps; derive from it and override what is wanted.
/// </summary>
public abstract class MetricsSink
{
    /// <summary>Begins or resumes a run: whatever was written of later steps is written again.</summary>
    /// <param name="step">Steps done before.</param>
    public virtual void Begin(long step)
    {
    }

    /// <summary>Takes a training step, whose values are known.</summary>
    public virtual void Write(in StepCompleted step)
    {
    }

    /// <summary>Takes what a step did to each parameter.</summary>
    public virtual void Write(in LayersLogged layers)
    {
    }

    /// <summary>Takes an evaluation.</summary>
    public virtual void Write(in Evaluated evaluation)
    {
    }

    /// <summary>Makes everything so far last: before a checkpoint, and at the end of a run.</summary>
    public virtual void Flush()
    {
    }
}
