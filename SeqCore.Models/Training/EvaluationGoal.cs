namespace SeqCore.Models;

/// <summary>Which of two evaluations is better.</summary>
public enum EvaluationGoal
{
    /// <summary>The lower one, as for a loss, an error or a perplexity.</summary>
    Minimize,

    /// <summary>The higher one, as for an accuracy or an F1 score.</summary>
    Maximize,
}
