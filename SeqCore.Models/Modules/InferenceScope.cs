namespace SeqCore.Models;

/// <summary>
/// Puts every module in evaluation mode on this thread until it is disposed (see <see cref="Module.IsTraining"/>): streams and
/// computations for inspection open one, so that custom parts behave as in evaluation too. Scopes may be nested. The modules'
/// own mode, which other threads see, does not change.
/// </summary>
internal readonly ref struct InferenceScope
{
    [ThreadStatic]
    private static int depth;

    /// <summary>Whether a scope is open on this thread.</summary>
    internal static bool IsOpen => depth > 0;

    /// <summary>Opens a scope, which has to be disposed.</summary>
    internal static InferenceScope Open()
    {
        depth++;
        return default;
    }

    /// <summary>Closes the scope.</summary>
    public void Dispose() => depth--;
}
