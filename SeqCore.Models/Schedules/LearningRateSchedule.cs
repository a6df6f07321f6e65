namespace SeqCore.Models;

/// <summary>Says by which factor the base learning rate is multiplied at each step.</summary>
public abstract class LearningRateSchedule
{
    /// <summary>The factor at a step.</summary>
    /// <param name="step">Steps done before this one, from 0.</param>
    public abstract double Factor(long step);

    /// <summary>Tells the schedule a new value of the watched metric, the lower the better; most schedules do not care.</summary>
    public virtual void Observe(double metric)
    {
    }

    /// <summary>What the schedule remembers between steps; empty for a pure function of the step.</summary>
    public virtual IReadOnlyDictionary<string, double> StateDictionary() => new Dictionary<string, double>();

    /// <summary>Takes over what <see cref="StateDictionary"/> told.</summary>
    /// <exception cref="StateDictionaryException">Names are missing or unexpected; the message lists them.</exception>
    public virtual void LoadStateDictionary(IReadOnlyDictionary<string, double> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var own = StateDictionary();
        StateDictionaryException.ThrowIfAny(GetType().Name, own.Keys.Except(state.Keys), state.Keys.Except(own.Keys), []);
    }
}
