namespace SeqCore.Kernels.Cells;

/// <summary>
/// The equations of one recurrent cell, written once over lanes: the same two methods run on every width of the CPU's vectors, in
/// a GPU's thread, and over double in tests. Everything else about a layer (products, time, lengths, zoneout, threads) is common
/// to all cells: <see cref="Backend.RecurrentForward{TCell}"/>. A cell of one's own is a struct without fields.
/// </summary>
public interface IRecurrentCell
{
    /// <summary>What errors call the cell, for example Lstm.</summary>
    static abstract string Name { get; }

    /// <summary>The number of gates, 1 to 4: blocks of H rows in the weights.</summary>
    static abstract int Gates { get; }

    /// <summary>
    /// The number of blocks of H floats kept for each step and sequence, from <see cref="Gates"/> to 4. The forward pass saves
    /// there what the backward pass needs, and the backward pass replaces the first <see cref="Gates"/> of them by the gates'
    /// gradients.
    /// </summary>
    static abstract int Saved { get; }

    /// <summary>Whether the cell has a cell state beside its hidden state.</summary>
    static abstract bool HasCell { get; }

    /// <summary>
    /// The saved block that holds the hidden-side gradient of the last gate, where it differs from the input-side one (GRU: the
    /// reset gate stands between); otherwise the last gate itself.
    /// </summary>
    static abstract int LastHiddenBlock { get; }

    /// <summary>
    /// The gate that keeps the cell state, whose bias layers can set to a value of its own; null without one.
    /// </summary>
    static virtual int? ForgetGate => null;

    /// <summary>Whether the previous hidden state reaches the next one beside the gates' product too (GRU: z h).</summary>
    static abstract bool PassesState { get; }

    /// <summary>
    /// The saved block that the last gate's recurrent weights multiply in place of the previous hidden state, where
    /// <see cref="Reset"/> computes one (GRU with the reset gate before the product: r h); -1 where they multiply that state.
    /// </summary>
    static abstract int ResetBlock { get; }

    /// <summary>
    /// Only for a cell with a <see cref="ResetBlock"/>, whose steps have two products: computes and saves that block from the
    /// other gates, before the last gate's product. What it saves in place of a gate, <see cref="Forward"/> then reads there.
    /// </summary>
    /// <typeparam name="T">The lane: some units of one sequence.</typeparam>
    /// <typeparam name="TUnit">Where the device has the step's numbers.</typeparam>
    /// <param name="unit">Gives the gates but the last, and takes what is saved.</param>
    static virtual void Reset<T, TUnit>(ref TUnit unit)
        where T : struct, ILane<T>
        where TUnit : struct, IForwardUnit<T> =>
        throw new NotSupportedException("This cell resets nothing.");

    /// <summary>
    /// Only for a cell with a <see cref="ResetBlock"/>: takes that block's gradient on, after <see cref="Backward"/>.
    /// </summary>
    /// <typeparam name="T">The lane: some units of one sequence.</typeparam>
    /// <typeparam name="TUnit">Where the device has the step's numbers.</typeparam>
    /// <param name="unit">Gives what was saved and not replaced by a gradient yet, and takes the gradients.</param>
    /// <param name="dReset">The gradient of the block.</param>
    static virtual void BackwardReset<T, TUnit>(ref TUnit unit, T dReset)
        where T : struct, ILane<T>
        where TUnit : struct, IBackwardUnit<T> =>
        throw new NotSupportedException("This cell resets nothing.");

    /// <summary>Computes one step.</summary>
    /// <typeparam name="T">The lane: some units of one sequence.</typeparam>
    /// <typeparam name="TUnit">Where the device has the step's numbers.</typeparam>
    /// <param name="unit">Gives what the step reads, and takes what it saves and the new state.</param>
    static abstract void Forward<T, TUnit>(ref TUnit unit) where T : struct, ILane<T> where TUnit : struct, IForwardUnit<T>;

    /// <summary>Computes the gradients of one step.</summary>
    /// <typeparam name="T">The lane: some units of one sequence.</typeparam>
    /// <typeparam name="TUnit">Where the device has the step's numbers.</typeparam>
    /// <param name="unit">Gives what the forward pass saved, and takes the gradients.</param>
    /// <param name="dHidden">The gradient of the step's hidden state.</param>
    /// <param name="dCell">The gradient of the step's cell state; 0 without one.</param>
    static abstract void Backward<T, TUnit>(ref TUnit unit, T dHidden, T dCell)
        where T : struct, ILane<T>
        where TUnit : struct, IBackwardUnit<T>;
}

/// <summary>The numbers of one step of some units, forward.</summary>
/// <typeparam name="T">The lane.</typeparam>
public interface IForwardUnit<T> where T : struct, ILane<T>
{
    /// <summary>The hidden state before the step.</summary>
    T PreviousHidden { get; }

    /// <summary>The cell state before the step.</summary>
    T PreviousCell { get; }

    /// <summary>
    /// The inputs' part of a gate, W_ih x + b_ih. It may have b_hh in it already, which <see cref="Recurrent"/> then lacks; but
    /// not for a last gate whose <see cref="IRecurrentCell.LastHiddenBlock"/> is another.
    /// </summary>
    /// <param name="gate">The gate's number, a constant.</param>
    T Input(int gate);

    /// <summary>The hidden state's part of a gate, W_hh h + b_hh where <see cref="Input"/> is without b_hh.</summary>
    /// <param name="gate">The gate's number, a constant.</param>
    T Recurrent(int gate);

    /// <summary>Keeps what the backward pass needs. Called after the last of <see cref="Input"/>.</summary>
    /// <param name="block">The number of the saved block, a constant.</param>
    /// <param name="value">What to keep.</param>
    void Save(int block, T value);

    /// <summary>Sets the new cell state. Called before <see cref="SetHidden"/>.</summary>
    /// <param name="value">c'</param>
    void SetCell(T value);

    /// <summary>Sets the new hidden state.</summary>
    /// <param name="value">h'</param>
    void SetHidden(T value);
}

/// <summary>The numbers of one step of some units, backward.</summary>
/// <typeparam name="T">The lane.</typeparam>
public interface IBackwardUnit<T> where T : struct, ILane<T>
{
    /// <summary>The hidden state before the step; only for a cell with <see cref="IRecurrentCell.PassesState"/>.</summary>
    T PreviousHidden { get; }

    /// <summary>The cell state before the step.</summary>
    T PreviousCell { get; }

    /// <summary>What the forward pass saved. Not to be called after <see cref="SetGradient"/>.</summary>
    /// <param name="block">The number of the saved block, a constant.</param>
    T Saved(int block);

    /// <summary>Sets the gradient of a gate's sum W_ih x + b_ih + W_hh h + b_hh.</summary>
    /// <param name="block">The gate's number, or <see cref="IRecurrentCell.LastHiddenBlock"/>; a constant.</param>
    /// <param name="value">The gradient.</param>
    void SetGradient(int block, T value);

    /// <summary>Sets the gradient of the previous cell state.</summary>
    /// <param name="value">The gradient.</param>
    void SetPreviousCellGradient(T value);

    /// <summary>
    /// Sets the part of the previous hidden state's gradient that does not come through the gates; only for a cell with
    /// <see cref="IRecurrentCell.PassesState"/>.
    /// </summary>
    /// <param name="value">The gradient.</param>
    void SetPreviousHiddenGradient(T value);

    /// <summary>Adds to what <see cref="SetPreviousHiddenGradient"/> set.</summary>
    /// <param name="value">The gradient.</param>
    void AddPreviousHiddenGradient(T value);
}
